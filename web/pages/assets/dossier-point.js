// Pointing at where a value stands that was read wrongly or not at all: a box that is drawn on the scan, or words chosen by a click or
// by the arrows.

import { wordsOf } from './dossier-view.js';

const least = 5; // px on the screen: what moves less is a click

export function startPointing(desk, viewer) {
  const hint = desk.querySelector('[data-point-hint]');
  const words = desk.querySelector('[data-point-words]');
  const say = words && wordsOf(words);
  let form = null; // that wants to know
  let mark = null; // what lies over the scan
  let from = null; // where the pointer went down
  let chosen = null; // first and last of the words that are chosen

  for (const one of desk.querySelectorAll('[data-place]')) {
    const button = one.querySelector('[data-point]');
    if (!button) continue; // none of the paper's pages is to be seen
    button.hidden = false;
    button.addEventListener('click', () => start(one));
    one.querySelector('[data-unpoint]').addEventListener('click', () => {
      tell(one, null);
      button.focus();
    });
    const page = one.querySelector('[name="page"]');
    one.dataset.page = page.value; // to which the form goes back
    page.addEventListener('change', () => {
      one.dataset.page = page.value;
      tell(one, null);
      viewer.show(Number(page.value));
    });
  }
  if (hint) hint.querySelector('button').addEventListener('click', () => end());

  /** The pages on which the value may stand. */
  const pagesOf = (one) => one.dataset.pages.trim().split(' ').map(Number);

  async function start(one) {
    form = one;
    chosen = null;
    if (!pagesOf(one).includes(viewer.here())) await viewer.show(Number(one.querySelector('[name="page"]').value));
    viewer.point(true);
    hint.hidden = false;
    viewer.root.scrollIntoView({ block: 'nearest' });
    viewer.stage.focus({ preventScroll: true });
  }

  function end() {
    const one = form;
    form = null;
    from = null;
    viewer.point(false);
    hint.hidden = true;
    unmark();
    const next = one.querySelector('[name="box"]').value ? one.querySelector('[type="submit"]') : one.querySelector('[data-point]');
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
  }

  /** Keeps a box of page space, and says so in the form; null keeps none. */
  function tell(one, box) {
    const page = one.querySelector('[name="page"]');
    one.querySelector('[name="box"]').value = '';
    page.value = one.dataset.page;
    if (box) {
      const points = 72 / Number(viewer.sheets.get(viewer.here()).dataset.dpi);
      one.querySelector('[name="box"]').value = [box.x, box.y, box.x + box.width, box.y + box.height].map((n) => (n * points).toFixed(2)).join(' ');
      page.value = viewer.here();
    }
    one.querySelector('[data-pointed]').textContent = box ? say('pointed', { n: viewer.here() }) : '';
    one.querySelector('[data-unpoint]').hidden = !box;
  }

  const printed = () => [...viewer.root.querySelectorAll('.layer-words rect')].map((rect) => {
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(rect.getAttribute(name)));
    return { x, y, width, height };
  });

  /** Lays the mark over a box of page space. */
  function lay(box) {
    const rect = viewer.scan.viewport.imageToViewportRectangle(box.x, box.y, box.width, box.height);
    if (mark) {
      viewer.scan.updateOverlay(mark, rect);
      return;
    }
    mark = document.createElement('div');
    mark.className = 'point-mark';
    viewer.scan.addOverlay({ element: mark, location: rect });
  }

  function unmark() {
    if (mark) viewer.scan.removeOverlay(mark);
    mark = null;
  }

  function accept(box) {
    if (!pagesOf(form).includes(viewer.here())) return; // it belongs to another paper
    tell(form, box);
    end();
  }

  /** Where the pointer is on the page, in px of page space and within it. */
  function place(event) {
    const frame = viewer.mount.getBoundingClientRect();
    const at = viewer.scan.viewport.viewerElementToImageCoordinates(new window.OpenSeadragon.Point(event.clientX - frame.left, event.clientY - frame.top));
    const sheet = viewer.sheets.get(viewer.here()).dataset;
    return { x: Math.min(Math.max(0, at.x), Number(sheet.width)), y: Math.min(Math.max(0, at.y), Number(sheet.height)) };
  }

  const around = (a, b) => ({ x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) });

  /** The box around words first to last. */
  function span(list, [first, last]) {
    const some = list.slice(Math.min(first, last), Math.max(first, last) + 1);
    const left = Math.min(...some.map((w) => w.x));
    const top = Math.min(...some.map((w) => w.y));
    const right = Math.max(...some.map((w) => w.x + w.width));
    const bottom = Math.max(...some.map((w) => w.y + w.height));
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  viewer.stage.addEventListener('pointerdown', (event) => {
    if (!form || event.button !== 0 || !viewer.scan.isOpen()) return;
    event.preventDefault();
    viewer.stage.setPointerCapture(event.pointerId);
    from = { event, at: place(event) };
  });
  viewer.stage.addEventListener('pointermove', (event) => {
    if (form && from) lay(around(from.at, place(event)));
  });
  viewer.stage.addEventListener('pointerup', (event) => {
    if (!form || !from) return;
    const at = place(event);
    const far = Math.hypot(event.clientX - from.event.clientX, event.clientY - from.event.clientY);
    const box = around(from.at, at);
    from = null;
    if (far >= least) {
      if (box.width >= 1 && box.height >= 1) accept(box);
      return;
    }
    unmark();
    const word = printed().find((w) => at.x >= w.x && at.x <= w.x + w.width && at.y >= w.y && at.y <= w.y + w.height);
    if (word) accept(word);
  });

  /** The word that an arrow leads to from word i. */
  function step(list, i, key) {
    if (key === 'ArrowRight') return Math.min(list.length - 1, i + 1);
    if (key === 'ArrowLeft') return Math.max(0, i - 1);
    const here = list[i];
    const down = key === 'ArrowDown' ? 1 : -1;
    let best = i;
    let nearest = Infinity;
    list.forEach((w, j) => {
      const dy = (w.y + w.height / 2 - here.y - here.height / 2) * down;
      if (dy < here.height * 0.7) return;
      const away = dy * 3 + Math.abs(w.x + w.width / 2 - here.x - here.width / 2);
      if (away < nearest) [best, nearest] = [j, away];
    });
    return best;
  }

  viewer.stage.addEventListener('keydown', (event) => {
    if (!form || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      end();
      return;
    }
    const list = printed();
    if (list.length === 0) return;
    if (event.key === 'Enter') {
      event.preventDefault();
    } else if (/^Arrow(Left|Right|Up|Down)$/.test(event.key)) {
      event.preventDefault();
      const last = chosen ? step(list, chosen[1], event.key) : 0;
      chosen = [event.shiftKey && chosen ? chosen[0] : last, last];
      lay(span(list, chosen));
      viewer.near([span(list, chosen)]);
    }
  });

  // Done when the key is let go: held down it would go on to the button that comes next.
  viewer.stage.addEventListener('keyup', (event) => {
    if (form && chosen && event.key === 'Enter') accept(span(printed(), chosen));
  });
}
