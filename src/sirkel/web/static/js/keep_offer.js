/** Offers to keep what this page is about on the reader's own phone: <section data-keep-offer hidden>. */
import { mayKeep, put } from './keep_store.js';

const offer = document.querySelector('[data-keep-offer]');
if (offer && mayKeep()) {
  offer.hidden = false;
  offer.querySelector('button').addEventListener('click', async () => {
    const { kind, title, lang, counted } = offer.dataset;
    await put({ id: location.pathname, is: 'place', kind, title, lang, counted, url: location.pathname });
    location.assign(offer.dataset.go);
  });
}
