// Lists whose rows can be ticked: all at once, with how many are, and Enter in a field presses the button beside it. Without it each
// row is ticked by itself, and Enter does nothing.

for (const form of document.querySelectorAll('form[data-ticks]')) {
  const boxes = [...form.querySelectorAll('input[name="id"]')];
  const all = form.querySelector('[data-all]');
  const told = form.querySelector('[data-ticked]');

  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    if (all) {
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    if (told) told.textContent = ticked ? told.dataset.ticked.replace('#', ticked) : '';
  };
  if (all && boxes.length > 1) {
    all.closest('[hidden]').hidden = false;
    all.addEventListener('change', () => {
      for (const box of boxes) box.checked = all.checked;
    });
  }
  form.addEventListener('change', count);
  form.addEventListener('keydown', (event) => {
    const button = event.key === 'Enter' && event.target.matches('.act input') && event.target.closest('.act').querySelector('button');
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  count();
}
