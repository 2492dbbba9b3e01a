// Results by keyboard: arrows move between them, from the box and back; Enter opens, as it does with any link.
import { typing } from './app.js';

const links = () => [...document.querySelectorAll('.hit-link')];

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const inBox = event.target.id === 'find';
  if (!inBox && (typing(event.target) || event.target.closest('details[open], dialog[open]'))) return;
  const all = links();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  const more = document.querySelector('#more .button');
  let next;
  if (event.key === 'ArrowDown') {
    if (document.activeElement === more) return;
    next = inBox || at < 0 ? all[0] : all[at + 1] || more;
  } else if (document.activeElement === more) {
    next = all[all.length - 1];
  } else if (at < 0) {
    return;
  } else {
    next = all[at - 1] || document.getElementById('find');
  }
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
});

// After "more", go on where the new results begin.
document.body.addEventListener('htmx:afterSwap', (event) => {
  const first = event.detail.elt;
  if (first && first.matches && first.matches('.hit')) first.querySelector('.hit-link').focus({ preventScroll: true });
});

// Below the results' own width facets are a list to open.
if (window.matchMedia('(max-width: 60rem)').matches) {
  for (const facets of document.querySelectorAll('.facets')) facets.open = false;
}

for (const box of document.querySelectorAll('[data-submit]')) {
  box.addEventListener('change', () => box.form.requestSubmit());
}
for (const button of document.querySelectorAll('[data-no-script]')) button.hidden = true;
