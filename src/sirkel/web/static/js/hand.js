/**
 * The hand: keeps the personal part in step with the shared one, and sends small forms without
 * leaving the page. Every form here also works as a plain form.
 */
import './live_room.js';
import './counter.js';
import './note_outbox.js';
import { say } from './hand_voice.js';
import { whenIdle } from './idle.js';
import { find } from './national_id.js';
import { heldSigns } from './note_held.js';
import { flush, post, surface } from './note_sender.js';
import { all, drop } from './note_store.js';

const meeting = surface().dataset.meeting;
const isShared = surface().hasAttribute('data-shared');
const room = document.querySelector('live-room');
let key = sharedKey();
let held = heldSigns().join(' ');

function sharedKey() {
  return [...document.querySelectorAll('[data-mine]')].map((part) => part.dataset.mine).join(' ');
}

function words(name) {
  const template = document.querySelector(`template[data-row=${name}]`);
  return template ? template.content.textContent.trim() : '';
}

async function refresh() {
  const mine = document.getElementById('mine');
  try {
    const answer = await fetch(mine.dataset.from, { headers: { Accept: 'text/html' } });
    if (answer.status === 403) location.reload();
    if (!answer.ok) return;
    const sheet = document.createElement('template');
    sheet.innerHTML = await answer.text();
    const hadFocus = mine.contains(document.activeElement);
    if (room) room.replace(sheet.content.firstElementChild);
    if (hadFocus && document.activeElement === document.body) {
      document.getElementById('mine').focus({ preventScroll: true });
    }
    document.dispatchEvent(new CustomEvent('sirkel:mine'));
  } catch { /* the next change or waking asks again */ }
}

document.addEventListener('sirkel:changed', () => {
  const before = key;
  key = sharedKey();
  if (key !== before) refresh();
  const heldBefore = held;
  held = heldSigns().join(' ');
  if (held !== heldBefore) document.dispatchEvent(new CustomEvent('sirkel:notes'));
  // Nothing more will happen here: the line is let go.
  if (room && document.querySelector('[data-kind=over]')) room.remove();
});
document.addEventListener('sirkel:sent', refresh);

function complain(form, text) {
  let line = form.querySelector('[data-problem]');
  if (!line) {
    line = document.createElement('p');
    line.className = 'ds-validation-message';
    line.setAttribute('role', 'alert');
    line.dataset.problem = '';
    form.append(line);
  }
  line.hidden = !text;
  line.textContent = text;
}

function fieldsOf(form, button) {
  const fields = [...new FormData(form)];
  if (button && button.name) fields.push([button.name, button.value]);
  return fields;
}

/** Whether somebody's words in a form hold what is certainly a person's number: it stays on the phone. */
function holdsNumber(form) {
  const written = [...form.querySelectorAll('textarea, input[type=text]')].map((field) => field.value);
  return written.some((text) => find(text).some((finding) => finding.severity === 'HIGH'));
}

/** Send a form; resolves to the answer's body, or null after saying what stands in the way. */
async function sendForm(form, button) {
  if (form.dataset.busy) return null;
  if (holdsNumber(form)) {
    complain(form, words('hard-stop'));
    return null;
  }
  form.dataset.busy = '1';
  const url = button && button.hasAttribute('formaction') ? button.formAction : form.action;
  const answer = await post(url, fieldsOf(form, button));
  delete form.dataset.busy;
  if (answer && answer.status === 200) return answer.body;
  if (!answer || answer.status >= 500) {
    complain(form, words('no-network'));
    return null;
  }
  if (answer.body.may_insist || 'kept' in answer.body) {
    // The page that the plain form leads to asks the question with everything that was typed.
    form.submit();
    return null;
  }
  complain(form, [answer.body.message, answer.body.hint].filter(Boolean).join(' '));
  if (answer.status === 409 || answer.status === 410) refresh();
  return null;
}

const after = {
  mine: refresh,
  stage: () => { if (room) room.refresh(); },
  remove: (form) => form.remove(),
  done: (form, button) => {
    say(button.dataset.done);
    button.replaceWith(button.dataset.done);
  },
};

async function quiet(form, button) {
  if (!(await sendForm(form, button))) return;
  const part = form.closest('details');
  if (part) part.open = false;
  after[form.dataset.quiet](form, button);
}

// --- choosing -------------------------------------------------------------------------------

let again;

async function keepPicks(form) {
  clearTimeout(again);
  const line = form.querySelector('[data-kept-words]');
  const answer = await post(form.action, [...new FormData(form)]);
  if (!form.isConnected) return;
  if (!answer || answer.status >= 500) {
    line.textContent = line.dataset.waiting;
    again = setTimeout(() => keepPicks(form), 4000);
  } else if (answer.status === 200) {
    line.textContent = line.dataset.kept;
    complain(form, '');
  } else {
    complain(form, [answer.body.message, answer.body.hint].filter(Boolean).join(' '));
    refresh();
  }
}

function inWords(place, count) {
  const { none, one, many } = place.dataset;
  return (count === 0 && none) || (count === 1 && one) || many.replace('%d', count);
}

function moveDot(form, button) {
  const field = form.elements[`dots-${button.value}`];
  const given = () => [...form.querySelectorAll('[name^="dots-"]')].reduce((sum, each) => sum + Number(each.value), 0);
  const most = Number(form.dataset.most);
  const wanted = Number(field.value) + (button.name === 'plus' ? 1 : -1);
  if (wanted < 0 || (button.name === 'plus' && given() >= most)) return;
  field.value = wanted;
  const left = most - given();
  const place = document.getElementById('dots-left');
  place.textContent = inWords(place, left);
  for (const row of form.querySelectorAll('.dots-row')) {
    const count = Number(row.previousElementSibling.value);
    const shown = row.querySelector('.dots-given');
    shown.dataset.given = count;
    shown.textContent = inWords(shown, count);
    row.querySelector('[name=minus]').disabled = count === 0;
    row.querySelector('[name=plus]').disabled = left === 0;
  }
  if (button.disabled) {
    const other = button.parentElement.querySelector(`[name=${button.name === 'plus' ? 'minus' : 'plus'}]`);
    other.focus();
  }
  say(place.textContent);
  clearTimeout(again);
  again = setTimeout(() => keepPicks(form), 400);
}

document.addEventListener('change', (event) => {
  const form = event.target.closest('form[data-picks=stance]');
  if (form) keepPicks(form);
});

// --- handing on and leaving -----------------------------------------------------------------

async function handOn(form) {
  await flush();
  if ((await all(meeting)).some((row) => row.state === 'waiting')) {
    complain(form, words('hand-waits'));
    return;
  }
  const body = await sendForm(form);
  if (!body) return;
  document.getElementById('mine').letGo();  // what was begun in the field goes with its writer
  await drop(...(await all(meeting)).map((row) => row.client_id));
  document.body.textContent = '';
  location.replace(body.go);
}

async function leave(form) {
  await flush();
  form.submit();
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.id === 'writer') return;
  const button = event.submitter;
  const act = form.matches('[data-picks=dots]') && button && ['plus', 'minus'].includes(button.name) ? moveDot
    : form.matches('[data-picks]') ? keepPicks
      : form.matches('[data-quiet]') ? quiet
        : form.matches('[data-next-person]') ? handOn
          : form.matches('[data-leaves]') ? leave : null;
  if (!act) return;
  event.preventDefault();
  act(form, button);
});

if (isShared) {
  addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
  whenIdle(
    () => say(document.getElementById('said').dataset.idle),
    () => { const form = document.querySelector('form[data-next-person]'); if (form) handOn(form); },
  );
}
