/**
 * A shared phone that lies forgotten: asks after eight minutes without a touch, closes after ten.
 *
 * The question stands on the screen with one button; any touch or key is an answer, too.
 */
const ASK_AFTER = 8 * 60000;
const CLOSE_AFTER = 10 * 60000;

export function whenIdle(ask, close) {
  let last = Date.now();
  let asked = false;
  const here = () => {
    last = Date.now();
    asked = false;
    const strip = document.getElementById('idle');
    if (strip) strip.hidden = true;
  };
  for (const name of ['pointerdown', 'keydown', 'input']) document.addEventListener(name, here);
  setInterval(() => {
    const quiet = Date.now() - last;
    if (quiet >= CLOSE_AFTER) {
      last = Date.now();
      close();
    } else if (quiet >= ASK_AFTER && !asked) {
      asked = true;
      const strip = document.getElementById('idle');
      if (strip) strip.hidden = false;
      ask();
    }
  }, 5000);
}
