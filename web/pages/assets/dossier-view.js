// The scan in the middle: OpenSeadragon over the IIIF images, with hits, words, fields and text laid over it.

import { typing } from './app.js';

const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** What a <template data-...-words> says, by name; {n} and the like are filled in. */
export function wordsOf(template) {
  const texts = {};
  for (const span of template.content.querySelectorAll('[data-word]')) texts[span.dataset.word] = span.textContent;
  return (name, values = {}) => texts[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

/** Starts the viewer. What it returns shows a page: show(number, {run, field}), and lets others draw on it. */
export function startViewer(desk) {
  const root = desk.querySelector('#viewer');
  const stage = root.querySelector('[data-stage]');
  const say = wordsOf(root.querySelector('[data-view-words]'));
  const sheets = new Map([...desk.querySelectorAll('[data-sheet]')].map((li) => [Number(li.dataset.sheet), li]));
  const hits = [...sheets].flatMap(([page, li]) => Array.from({ length: Number(li.dataset.hits) }, (_, run) => ({ page, run })));
  const layers = new Map(); // promises of what is laid over a page, by its number
  let here = Number(desk.dataset.page);
  let hit = -1;
  let layer = null; // that lies over the scan now
  let asked = 0; // how often a page was asked for: an answer that comes late is thrown away
  let selecting = false;
  let pointing = false;

  const still = stage.querySelector('[data-still]');
  const mount = document.createElement('div');
  mount.className = 'moving';
  stage.append(mount);
  stage.classList.add('live');
  for (const tools of root.querySelectorAll('[data-view-tools]')) tools.hidden = false;
  for (const button of root.querySelectorAll('[data-hit-step]')) button.hidden = false;

  // A tile that comes after its page was left is no fault.
  window.OpenSeadragon.console = { ...window.console, log() {}, warn() {}, error: window.console.error.bind(window.console) };
  const scan = window.OpenSeadragon({
    element: mount,
    drawer: 'canvas',
    showNavigationControl: false,
    tabIndex: -1,
    animationTime: calm ? 0 : 0.5,
    immediateRender: calm,
    minZoomImageRatio: 0.9,
    maxZoomPixelRatio: 4,
    visibilityRatio: 0.6,
    tileRetryMax: 2,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    gestureSettingsTouch: { clickToZoom: false, dblClickToZoom: true },
  });
  scan.addHandler('canvas-key', (event) => { event.preventDefaultAction = true; });
  scan.addHandler('canvas-click', (event) => {
    if (event.quick) pick(scan.viewport.viewerElementToImageCoordinates(event.position));
  });

  // What does not come is asked for again by itself; until it is there, that is said.
  const trouble = root.querySelector('[data-trouble]');
  scan.addHandler('tile-load-failed', (event) => {
    if (event.tiledImage === scan.world.getItemAt(0)) trouble.hidden = false;
  });
  scan.addHandler('tile-loaded', () => { trouble.hidden = true; });
  trouble.querySelector('button').addEventListener('click', () => {
    scan.close();
    show(here);
    stage.focus({ preventScroll: true });
  });

  /** Lets the picture of the page stand until the scan is drawn. */
  function drawn() {
    if (still) still.remove();
    stage.dataset.shown = here;
  }

  function layerOf(number) {
    if (!layers.has(number)) {
      const first = still && number === here && still.querySelector('[data-layer]');
      const laid = first ? Promise.resolve(first) : fetchLayer(sheets.get(number).dataset.layer);
      laid.catch(() => layers.delete(number)); // it is asked for again at the next look
      layers.set(number, laid);
    }
    return layers.get(number);
  }

  async function fetchLayer(path) {
    const answer = await fetch(path, { headers: { 'HX-Request': 'true' } });
    if (answer.status === 404) return null; // hidden, or nothing was read
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    const template = document.createElement('template');
    template.innerHTML = await answer.text();
    return template.content.querySelector('[data-layer]');
  }

  async function show(number, target = {}) {
    const li = sheets.get(number);
    if (!li) return;
    const turn = ++asked;
    const change = number !== here || !scan.isOpen();
    const laid = layerOf(number); // before here changes: the first one comes with the page
    mark(number);
    if (!li.dataset.image) {
      nothing(li);
      return;
    }
    if (change) open(li);
    const svg = await laid.catch(() => null);
    if (turn !== asked) return;
    if (change && !scan.isOpen()) await new Promise((done) => scan.addOnceHandler('open', done));
    if (turn !== asked) return;
    lay(svg, li);
    aim(target);
  }

  function open(li) {
    stage.querySelector('.empty')?.remove();
    mount.hidden = false;
    trouble.hidden = true;
    scan.close();
    layer = null;
    delete stage.dataset.shown;
    scan.addOnceHandler('tile-drawn', drawn);
    const width = Number(li.dataset.width);
    const height = Number(li.dataset.height);
    const factors = [1];
    while (Math.max(width, height) / factors.at(-1) > 512) factors.push(factors.at(-1) * 2);
    scan.open({
      '@context': 'http://iiif.io/api/image/3/context.json',
      id: li.dataset.image,
      type: 'ImageService3',
      protocol: 'http://iiif.io/api/image',
      profile: 'level2',
      width,
      height,
      tiles: [{ width: 512, scaleFactors: factors }],
    });
  }

  /** Says why there is no scan to be seen. */
  function nothing(li) {
    trouble.hidden = true;
    scan.close();
    layer = null;
    mount.hidden = true;
    still?.remove();
    stage.querySelector('.empty')?.remove();
    const words = root.querySelector('hidden' in li.dataset ? '[data-hidden-words]' : '[data-missing-words]');
    stage.append(words.content.cloneNode(true));
    stage.dataset.shown = here;
  }

  function lay(svg, li) {
    if (svg && svg !== layer) {
      scan.clearOverlays();
      const height = Number(li.dataset.height) / Number(li.dataset.width);
      scan.addOverlay({ element: svg, location: new window.OpenSeadragon.Rect(0, 0, 1, height) });
    }
    layer = svg;
    stage.dataset.laid = here;
  }

  /** Marks a page as the one that is looked at. */
  function mark(number) {
    const before = sheets.get(here);
    before.classList.remove('here');
    before.querySelector('.thumb').removeAttribute('aria-current');
    here = number;
    const li = sheets.get(number);
    const link = li.querySelector('.thumb');
    li.classList.add('here');
    link.setAttribute('aria-current', 'page');
    const list = li.closest('[data-papers]');
    const box = li.getBoundingClientRect();
    const frame = list.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) list.scrollTop += box.top - frame.top - 16;
    if (box.left < frame.left || box.right > frame.right) list.scrollLeft += box.left - frame.left - 16;
    root.querySelector('[data-here]').textContent = say('here', { n: number, all: sheets.size });
    stage.setAttribute('aria-label', stage.dataset.label.replace('0', number));
    for (const step of root.querySelectorAll('[data-step]')) {
      const to = sheets.get(number + Number(step.dataset.step));
      if (to) {
        step.href = to.querySelector('.thumb').href;
        step.removeAttribute('aria-disabled');
      } else {
        step.setAttribute('aria-disabled', 'true');
      }
    }
    if (history.state !== number) history.replaceState(number, '', link.getAttribute('href').replace('#viewer', ''));
  }

  /** Lights what is asked for on the page, and brings it near. */
  function aim({ run, field }) {
    for (const box of layer?.querySelectorAll('.on') ?? []) box.classList.remove('on');
    for (const row of desk.querySelectorAll('[data-field].on')) row.classList.remove('on');
    let boxes = [];
    if (run !== undefined) boxes = [...(layer?.querySelectorAll(`[data-run="${run}"]`) ?? [])];
    if (field !== undefined) {
      boxes = [...(layer?.querySelectorAll(`[data-box="${field}"]`) ?? [])];
      desk.querySelector(`[data-field="${field}"]`)?.classList.add('on');
    }
    for (const box of boxes) box.classList.add('on');
    if (boxes.length > 0) near(boxes.map((box) => box.getBBox()));
    desk.dataset.lit = boxes.length;
  }

  /** Shows boxes with what stands around them. */
  function near(boxes) {
    const left = Math.min(...boxes.map((b) => b.x));
    const top = Math.min(...boxes.map((b) => b.y));
    const right = Math.max(...boxes.map((b) => b.x + b.width));
    const bottom = Math.max(...boxes.map((b) => b.y + b.height));
    const page = scan.world.getItemAt(0).getContentSize();
    const frame = scan.viewport.getContainerSize();
    const width = Math.min(page.x, Math.max((right - left) * 1.6, page.x * 0.6, frame.x)); // not larger than the scan is sharp
    const height = Math.min(page.y, (width * frame.y) / frame.x);
    const x = Math.min(Math.max(0, (left + right - width) / 2), page.x - width);
    const y = Math.min(Math.max(0, (top + bottom - height) / 2), page.y - height);
    const area = scan.viewport.imageToViewportRectangle(x, y, width, height);
    scan.viewport.fitBoundsWithConstraints(area, calm);
  }

  /** Finds the field that was clicked on, and shows its row. */
  function pick(point) {
    const box = [...(layer?.querySelectorAll('[data-box]') ?? [])].find((rect) => {
      const b = rect.getBBox();
      return point.x >= b.x && point.x <= b.x + b.width && point.y >= b.y && point.y <= b.y + b.height;
    });
    if (!box || root.classList.contains('no-fields')) return;
    for (const other of layer.querySelectorAll('.on[data-box]')) other.classList.remove('on');
    for (const row of desk.querySelectorAll('[data-field].on')) row.classList.remove('on');
    box.classList.add('on');
    const row = desk.querySelector(`[data-field="${box.dataset.box}"]`);
    row?.classList.add('on');
    row?.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' });
  }

  function goHit(by) {
    if (hits.length === 0) return;
    hit = (hit + by + hits.length) % hits.length;
    root.querySelector('[data-hit-here]').textContent = say('hit', { n: hit + 1, all: hits.length });
    show(hits[hit].page, hits[hit]);
  }

  function zoom(how) {
    if (!scan.isOpen()) return;
    if (how === 'fit') scan.viewport.goHome(calm);
    else scan.viewport.zoomBy(how === 'in' ? 1.4 : 1 / 1.4, undefined, calm);
    scan.viewport.applyConstraints(calm);
  }

  function toggle(button) {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', on);
    switch (button.dataset.toggle) {
      case 'words':
        root.classList.toggle('with-words', on);
        break;
      case 'fields':
        root.classList.toggle('no-fields', !on);
        break;
      case 'select':
        selecting = on;
        root.classList.toggle('selecting', on);
        scan.setMouseNavEnabled(!on && !pointing);
        break;
    }
  }

  root.addEventListener('click', (event) => {
    const step = event.target.closest('[data-step]');
    const hitStep = event.target.closest('[data-hit-step]');
    const zoomer = event.target.closest('[data-zoom]');
    const toggler = event.target.closest('[data-toggle]');
    if (step) {
      event.preventDefault();
      show(here + Number(step.dataset.step));
    } else if (hitStep) goHit(Number(hitStep.dataset.hitStep));
    else if (zoomer) zoom(zoomer.dataset.zoom);
    else if (toggler) toggle(toggler);
  });

  // While text is selected, or a place shown, the mouse is not for moving about; its wheel still is.
  stage.addEventListener('wheel', (event) => {
    if (!(selecting || pointing) || !scan.isOpen()) return;
    event.preventDefault();
    scan.viewport.zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2, undefined, calm).applyConstraints(calm);
  }, { passive: false });

  desk.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const where = event.target.closest('[data-show]');
    const link = event.target.closest('[data-page-link]');
    if (where) {
      event.preventDefault();
      const row = where.closest('[data-field]');
      show(Number(row.dataset.fieldPage), { field: row.dataset.field });
    } else if (link) {
      event.preventDefault();
      show(Number(link.dataset.pageLink));
    } else return;
    const box = root.getBoundingClientRect();
    if (box.bottom < 200 || box.top > window.innerHeight - 200) root.scrollIntoView({ behavior: calm ? 'auto' : 'smooth' });
  });

  // Who corrects what was read looks at the print.
  for (const correct of desk.querySelectorAll('.read-correct > details')) {
    correct.addEventListener('toggle', () => {
      if (!correct.open) return;
      const row = correct.closest('[data-field]');
      if (row.dataset.fieldPage) show(Number(row.dataset.fieldPage), { field: row.dataset.field });
      const value = correct.querySelector('[name="value"]');
      value.focus({ preventScroll: true });
      value.select();
    });
  }

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key in steps && !event.shiftKey) {
      event.preventDefault();
      show(here + steps[event.key]);
      return;
    }
    // Letters are for who is in the picture: elsewhere they may be meant for something else.
    if (!root.contains(event.target)) return;
    const keys = {
      n: () => goHit(1), N: () => goHit(-1), '+': () => zoom('in'), '=': () => zoom('in'), '-': () => zoom('out'), 0: () => zoom('fit'),
      t: () => toggle(root.querySelector('[data-toggle="select"]')),
    };
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  const first = hits.findIndex((h) => h.page === here);
  if (first >= 0) {
    hit = first - 1;
    goHit(1);
    stage.focus({ preventScroll: true });
  } else {
    show(here);
  }
  /** Lets the mouse show where something stands. */
  function point(on) {
    pointing = on;
    root.classList.toggle('pointing', on);
    scan.setMouseNavEnabled(!on && !selecting);
  }

  return { show, near, point, here: () => here, sheets, root, stage, mount, scan };
}
