// Says what has changed on a running surface, politely and seldom: a new step, five minutes left, one minute left, somebody at the door.
const SOONEST_MS = 5000;

export function announce() {
  const said = document.getElementById('said');
  if (!said) return;
  let last = 0;
  let told = '';

  const say = (words) => {
    const wait = Math.max(0, last + SOONEST_MS - Date.now());
    last = Date.now() + wait;
    setTimeout(() => { said.textContent = words; }, wait);
  };

  document.addEventListener('sirkel:round', () => {
    told = '';
    const heading = document.querySelector('#stage h1');
    if (heading) say(heading.textContent.trim());
  });

  const atDoor = () => document.querySelectorAll('#door [id^=let-in-]').length;
  let waited = atDoor();
  document.addEventListener('sirkel:changed', () => {
    const wait = atDoor();
    if (wait > waited && said.dataset.door) say(said.dataset.door);
    waited = wait;
  });

  setInterval(() => {
    const clock = document.querySelector('#stage [data-ends][data-whole]');
    const line = document.getElementById('line');
    if (!clock || !line || line.skew === null) return;
    const left = Math.ceil((Number(clock.dataset.ends) - Date.now() - (line.skew ?? 0)) / 60000);
    const whole = Number(clock.dataset.whole) / 60000;
    const mark = { 5: 'five', 1: 'one' }[left];
    if (!mark || told === mark || whole <= left) return;
    told = mark;
    say(said.dataset[mark]);
  }, 5000);
}
