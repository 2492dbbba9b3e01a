// The board as it happens: each station's card is put in place of the one before when it has changed. Without this module the
// page shows what was when it was opened.

const counters = document.getElementById('counters');
const linked = document.getElementById('linked');
const told = document.getElementById('told');
const sound = document.getElementById('sound');

// Sound is off until somebody wants it, and stays as it was set on this machine.
let hearing = localStorage.getItem('sound') === 'on';
let audio;

function showSound() {
  sound.setAttribute('aria-pressed', String(hearing));
}

sound.hidden = false;
showSound();
sound.addEventListener('click', () => {
  hearing = !hearing;
  localStorage.setItem('sound', hearing ? 'on' : 'off');
  showSound();
  if (hearing) tone();
});

/** Two short notes. A browser that has not been clicked on yet stays silent. */
function tone() {
  audio ||= new AudioContext();
  for (const [at, pitch] of [[0, 660], [0.18, 880]]) {
    const note = audio.createOscillator();
    const volume = audio.createGain();
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0.15, audio.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 0.15);
    note.connect(volume).connect(audio.destination);
    note.start(audio.currentTime + at);
    note.stop(audio.currentTime + at + 0.16);
  }
}

/** What a line of a checklist asks for, without how it stands. */
function paperName(paper) {
  return paper.lastElementChild.firstChild.textContent;
}

/** Puts a card in its place. Pictures that stay are moved over, so that nothing flickers, and the focus stays where it was. */
function place(card) {
  const before = document.getElementById(card.id);
  if (!before) {
    const after = [...counters.children].find((c) => c.id > card.id);
    counters.insertBefore(card, after || null);
  } else {
    const pictures = new Map([...before.querySelectorAll('img')].map((img) => [img.getAttribute('src') + img.width, img]));
    for (const img of card.querySelectorAll('img')) {
      const same = pictures.get(img.getAttribute('src') + img.getAttribute('width'));
      if (same) img.replaceWith(same);
      else img.classList.add('fresh');
    }
    const lacking = new Set([...before.querySelectorAll('.paper:not(.there)')].map(paperName));
    for (const paper of card.querySelectorAll('.paper.there')) paper.classList.toggle('fresh', lacking.has(paperName(paper)));
    const focused = before.contains(document.activeElement) && document.activeElement.getAttribute('href');
    before.replaceWith(card);
    if (focused) card.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
  const news = card.dataset.told;
  if (news && news !== before?.dataset.told) {
    told.textContent = `${card.querySelector('h2').textContent}: ${card.querySelector('.advice').textContent}`;
    if (hearing) tone();
  }
}

function follow() {
  const stream = new EventSource(counters.dataset.live);
  stream.addEventListener('open', () => {
    linked.textContent = linked.dataset.live;
    linked.className = 'badge good';
  });
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) {
      linked.textContent = linked.dataset.lost;
      linked.className = 'badge bad';
      setTimeout(() => location.reload(), 15000); // signed out, or the service is away: the page says which
    }
  });
  stream.addEventListener('counter', (event) => {
    if ('empty' in counters.dataset) {
      location.reload(); // the first station there is
      return;
    }
    const box = document.createElement('template');
    box.innerHTML = event.data;
    place(box.content.firstElementChild);
  });
}

follow();
