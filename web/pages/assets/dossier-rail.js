// The pages at left: opening one, choosing some, and putting them in another order by keys or by drag. A new order is made here and
// decided in one go when it is saved.

import { wordsOf } from './dossier-view.js';

export function startRail(desk, viewer) {
  const rail = desk.querySelector('#rail');
  const papers = rail.querySelector('[data-papers]');

  papers.addEventListener('click', (event) => {
    const link = event.target.closest('a.thumb');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    viewer.show(numberOf(link.closest('[data-sheet]')));
  });
  papers.addEventListener('keydown', (event) => walk(papers, event));
  if ('arranges' in rail.dataset) arrange(rail, papers);
}

const numberOf = (li) => Number(li.dataset.sheet);
const all = (root) => [...root.querySelectorAll('[data-sheet]')];

/** Goes from page to page with the arrows. */
function walk(papers, event) {
  const li = event.target.closest('[data-sheet]');
  const by = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
  if (!li || by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const list = all(papers);
  const at = Math.min(list.length - 1, Math.max(0, list.indexOf(li) + by));
  list[at].querySelector('.thumb').focus();
}

function arrange(rail, papers) {
  const say = wordsOf(rail.querySelector('[data-words]'));
  const said = rail.querySelector('[data-said]');
  const bar = rail.querySelector('[data-order]');
  const documents = rail.querySelector('[data-documents]');
  const chooseTools = rail.querySelector('[data-choose-tools]');
  const before = order();
  let dragged = null;
  let leaving = false;

  for (const button of rail.querySelectorAll('[data-shift]')) button.hidden = false;
  for (const li of all(papers)) li.draggable = true;
  const zone = document.createElement('li');
  zone.className = 'drop-zone small';
  zone.textContent = say('new');
  zone.hidden = true;
  papers.append(zone);

  /** The pages of each paper as they lie now. */
  function order() {
    return JSON.stringify([...papers.querySelectorAll('[data-paper]')].map((p) => all(p).map(numberOf)).filter((p) => p.length > 0));
  }

  function chosen() {
    return all(papers).filter((li) => li.querySelector('input').checked);
  }

  /** Brings buttons and bar up to date. */
  function refresh() {
    const list = chosen();
    const changed = order() !== before;
    const one = list.length === 1 ? list[0] : null;
    const begins = one && all(one.closest('[data-paper]'))[0] === one;
    rail.querySelector('[data-chosen]').textContent =
      list.length === 0 ? say('none') : list.length === 1 ? say('one') : say('many', { n: list.length });
    rail.querySelector('[value="cut"]').disabled = changed || !one || begins;
    rail.querySelector('[value="join"]').disabled = changed || !begins || numberOf(one) === 1;
    rail.querySelector('[value="cut-dossier"]').disabled = changed || !one || numberOf(one) === 1;
    rail.querySelector('[value="move"]').disabled = changed || list.length === 0;
    for (const button of rail.querySelectorAll('[data-shift]')) button.disabled = list.length === 0;
    rail.querySelector('.more').hidden = changed;
    bar.hidden = !changed;
    chooseTools.classList.toggle('ordering', changed);
    chooseTools.classList.toggle('idle', list.length === 0);
    for (const paper of papers.querySelectorAll('[data-paper]')) paper.classList.toggle('emptied', all(paper).length === 0);
    for (const li of all(papers)) li.classList.toggle('chosen', li.querySelector('input').checked);
  }

  /** Tells where a page lies now. */
  function tell(li) {
    li.classList.add('moved');
    said.textContent = say('moved', { n: numberOf(li), at: all(papers).indexOf(li) + 1 });
  }

  /** Moves a page by one place; over the edge of a paper it goes into the next. */
  function shift(li, by) {
    const list = all(papers);
    const other = list[list.indexOf(li) + by];
    const paper = li.closest('[data-paper]');
    if (other && other.closest('[data-paper]') === paper) {
      if (by < 0) other.before(li);
      else other.after(li);
    } else {
      const next = by < 0 ? paper.previousElementSibling : paper.nextElementSibling;
      if (!next || !next.matches('[data-paper]')) return;
      if (by < 0) next.querySelector('[data-sheets]').append(li);
      else next.querySelector('[data-sheets]').prepend(li);
    }
    tell(li);
  }

  function shiftChosen(by, focused) {
    const list = chosen();
    if (list.length === 0 && focused) list.push(focused);
    if (by > 0) list.reverse();
    const edge = by < 0 ? all(papers)[0] : all(papers).at(-1);
    if (list.length > 1 && list[0] === edge) return; // those at the edge would be overtaken
    for (const li of list) shift(li, by);
    refresh();
  }

  papers.addEventListener('change', refresh);
  rail.addEventListener('click', (event) => {
    const button = event.target.closest('[data-shift]');
    if (button) shiftChosen(Number(button.dataset.shift));
  });
  papers.addEventListener('keydown', (event) => {
    const li = event.target.closest('[data-sheet]');
    if (!li || event.ctrlKey || event.metaKey) return;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.altKey && by) {
      event.preventDefault();
      shiftChosen(by, li);
      const link = li.querySelector('.thumb');
      link.focus();
      li.scrollIntoView({ block: 'nearest' });
    } else if (!event.altKey && event.key === ' ' && event.target.matches('.thumb')) {
      event.preventDefault();
      li.querySelector('input').click();
    } else if (!event.altKey && (event.key === 'c' || event.key === 'j')) {
      event.preventDefault();
      for (const other of all(papers)) other.querySelector('input').checked = other === li;
      refresh();
      rail.querySelector(event.key === 'c' ? '[value="cut"]' : '[value="join"]').click();
    }
  });

  papers.addEventListener('dragstart', (event) => {
    const li = event.target.closest?.('[data-sheet]');
    if (!li) return;
    dragged = chosen().includes(li) ? chosen() : [li];
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', dragged.map(numberOf).join(' '));
    for (const one of dragged) one.classList.add('dragged');
    zone.hidden = false;
  });
  papers.addEventListener('dragover', (event) => {
    if (!dragged) return;
    event.preventDefault();
    unmark();
    const at = place(event);
    if (at) at.target.classList.add(at.where);
  });
  papers.addEventListener('drop', (event) => {
    if (!dragged) return;
    event.preventDefault();
    const at = place(event);
    if (!at) return;
    if (at.where === 'drop-in') newPaper().append(...dragged);
    else if (at.where === 'drop-before') at.target.before(...dragged);
    else at.target.after(...dragged);
    for (const li of dragged) tell(li);
  });
  papers.addEventListener('dragend', () => {
    unmark();
    for (const li of dragged ?? []) li.classList.remove('dragged');
    dragged = null;
    zone.hidden = true;
    refresh();
  });

  /** Where what is dragged would go. */
  function place(event) {
    if (event.target.closest('.drop-zone')) return { target: zone, where: 'drop-in' };
    const li = event.target.closest('[data-sheet]');
    if (!li || dragged.includes(li)) return null;
    const box = li.getBoundingClientRect();
    return { target: li, where: event.clientX < box.left + box.width / 2 ? 'drop-before' : 'drop-after' };
  }

  function unmark() {
    for (const mark of papers.querySelectorAll('.drop-before, .drop-after, .drop-in')) mark.classList.remove('drop-before', 'drop-after', 'drop-in');
  }

  function newPaper() {
    const paper = document.createElement('li');
    paper.className = 'paper';
    paper.dataset.paper = '';
    const head = document.createElement('div');
    head.className = 'paper-head';
    const title = document.createElement('h3');
    title.textContent = say('paper');
    const sheets = document.createElement('ol');
    sheets.className = 'sheets';
    sheets.dataset.sheets = '';
    head.append(title);
    paper.append(head, sheets);
    zone.before(paper);
    return sheets;
  }

  rail.addEventListener('submit', (event) => {
    leaving = true;
    if (event.submitter?.value !== 'arrange') return;
    documents.disabled = false;
    documents.value = order();
  });
  bar.querySelector('a').addEventListener('click', () => { leaving = true; });
  window.addEventListener('beforeunload', (event) => {
    if (!leaving && order() !== before) event.preventDefault();
  });
  refresh();
}
