/**
 * One polite voice for those who listen: a new question, your turn, new notes, five minutes and one minute left.
 *
 * At most one message every five seconds; a newer one takes the place of one that still waits.
 */
const PAUSE = 5000;
const said = document.getElementById('said');
let last = 0;
let waiting;
let round = roundNow();
let notes = count();
const told = new Set();

function roundNow() {
  const stage = document.querySelector('[data-round]');
  return stage ? `${stage.dataset.round} ${stage.dataset.kind}` : '';
}

function count() {
  return document.querySelectorAll('#notes > li').length;
}

export function say(text) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    last = Date.now();
    said.textContent = text;
  }, Math.max(0, last + PAUSE - Date.now()));
}

document.addEventListener('sirkel:changed', () => {
  const [before, had] = [round, notes];
  round = roundNow();
  notes = count();
  if (round !== before) say(document.getElementById('ask').textContent);
  else if (notes > had) say(notes - had === 1 ? said.dataset.note : said.dataset.notes.replace('%d', notes - had));
});

document.addEventListener('sirkel:mine', () => {
  const part = document.querySelector('#mine [data-say]');
  if (part) say(part.dataset.say);
});

setInterval(() => {
  const clock = document.querySelector('[data-ends]');
  const room = document.querySelector('live-room');
  if (!clock || !room || room.skew === null) return;
  const left = (Number(clock.dataset.ends) - Date.now() - room.skew) / 60000;
  for (const [minutes, words] of [[5, said.dataset.five], [1, said.dataset.one]]) {
    const mark = `${round} ${clock.dataset.ends} ${minutes}`;
    if (left <= minutes && left > minutes - 0.2 && !told.has(mark)) {
      told.add(mark);
      say(words);
    }
  }
}, 1000);
