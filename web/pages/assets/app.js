// What every page does by itself: keys, menus, dialogs. Without it everything still works with links and forms.

const find = () => document.querySelector('[data-find]') || document.getElementById('find');

/** Whether what is typed goes into a box. */
export function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
    if (typing(event.target)) event.target.blur();
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === '/') {
    const box = find();
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === '?') {
    event.preventDefault();
    openDialog('keys');
  }
});

document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const opener = event.target.closest('[data-open]');
  if (opener) openDialog(opener.dataset.open);
  if (event.target.matches('dialog[open]')) event.target.close(); // outside of what it holds
});

// On a narrow window the way to the page that is open is in sight.
for (const here of document.querySelectorAll('.ways [aria-current], .tabs [aria-current]')) {
  const bar = here.parentElement;
  bar.scrollLeft = here.offsetLeft - bar.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
}

// A form that must be meant is asked about once more, in its own words.
document.addEventListener('submit', (event) => {
  const words = (event.submitter && event.submitter.dataset.confirm) || event.target.dataset.confirm;
  if (words && !window.confirm(words)) event.preventDefault();
});

// What is sent and takes its time is seen to be under way, and is so no more on a page that the browser comes back to.
const waiting = (on) => document.getElementById('wait').classList.toggle('htmx-request', on);
window.addEventListener('submit', (event) => {
  if (!event.defaultPrevented && event.target.method === 'post') waiting(true);
});
window.addEventListener('pageshow', () => waiting(false));
