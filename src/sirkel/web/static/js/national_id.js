/*
 * Find national person numbers in a text before it leaves the device.
 *
 * The same rules as sirkel/kernel/national_id.py, numbers only (telephone, e-mail and words are left to the
 * server). Both are held to tests/reference/national_id_vectors.json; the Python side explains the rules.
 * No lookbehind, so that older telephones can read this file.
 */
const TEN = "10-digit person number";
const CHAIN = /\d+(?:(?:[ .+-]| - | {0,4}-? {0,4}\n {0,4})\d+)*/g;
const LABELS = ["fnr", "dnr", "pnr", "cpr", "hetu", "nr", "personnr", "persnr"];
const DAY = "(?:0?[1-9]|[12]\\d|3[01])";
const MONTH = "(?:0?[1-9]|1[0-2])";
const YEAR = "(?:(?:19|20)\\d\\d|\\d\\d)";
const EXPLAINED = new RegExp(
  `(^|[^0-9.]|[^0-9]\\.)(?:${DAY}\\.${MONTH}(?:\\.${YEAR})?(?!\\d|\\.\\d)` +
    "|(?:[01]?\\d|2[0-4])\\.[0-5]\\d(?!\\d|\\.\\d)|\\d{4}\\.\\d\\d\\.\\d{5}(?!\\d)|\\d{1,4}[,:/]\\d{1,4}(?!\\d)" +
    "|\\d{1,5}(?:\\.\\d\\d?)? ?(?:ml|mg|μg|mcg|kg|kcal|dl|cl|mmol|km|cm|mm|kr|%|°)(?![a-z])" +
    "|(?:\\+|00)(?:4[57](?: ?\\d){8}|46(?:[ -]?\\d){7,9}|358(?:[ -]?\\d){6,9})(?!\\d)" +
    "|0\\d[- ]\\d{3} \\d{2,3} \\d\\d(?!-?\\d)|0\\d{3}[- ](?:\\d{6}|\\d\\d \\d\\d \\d\\d|\\d{3} \\d{3})(?!-?\\d)" +
    "|0\\d\\d[- ](?:\\d{7}|\\d{3} \\d{4}|\\d{3} \\d\\d \\d\\d|\\d{4} \\d{3}|\\d\\d \\d\\d \\d{2,3})(?!-?\\d)" +
    "|((?:[2-9]\\d(?: \\d\\d){3}|[2-9]\\d\\d \\d\\d \\d{3})(?!\\d)))" +
    `|(^|[^0-9-])(?:(?:19|20)\\d\\d-\\d\\d-\\d\\d|${DAY}-${MONTH}-${YEAR})(?!\\d|-\\d)`,
  "gi",
);
const S = "(?:[ .-]| - | {0,4}-? {0,4}\\n {0,4})?";
const THREE = `(?:${S}\\d){3}`;
const CHECK = "[A-FHJ-NPR-Y]|[a-fhj-npr-y])";
const FINNISH = new RegExp(
  `(^|[^0-9])(?=(\\d(?:${S}\\d){5}(?:(?:${S}[YXWVUABCDEF]|[yxwvuabcdef])${THREE}(?:${S}\\d|${S}${CHECK}` +
    `|${S}[-+]?${THREE}(?:${S}${CHECK})))`,
  "g",
);
const REPLACEMENT = /(^|[^0-9])(?=((?:\d\d)?\d{6}-(?=\d{0,2}[A-Z])(?=[A-Z]{0,3}\d)[0-9A-Z]{4}))/g;

/* Fold the text; give it with where each character stood, in UTF-16 units. */
function fold(text) {
  let plain = "";
  const spans = [];
  const put = (character, span) => {
    const compatible = character.normalize("NFKC");
    if (/^[\n -~À-ſ]$/.test(character)) plain += character;
    else if (/\p{Cf}|[\u115f\u1160\u2800\u3164\uffa0]/u.test(character)) return;
    else if (/\p{M}/u.test(character)) {
      const composed = (plain.slice(-1) + character).normalize("NFC");
      if (/^\p{L}$/u.test(composed)) plain = plain.slice(0, -1) + composed;
    } else if (compatible !== character) for (const part of compatible) put(part, span);
    else if (/\p{Nd}/u.test(character)) {
      const low = character.codePointAt() & 15;
      plain += /\p{Nd}/u.test(String.fromCodePoint(character.codePointAt() - low)) ? low : low - 6;
    } else if (/[\p{Pd}\u2212]/u.test(character)) plain += "-";
    else if (/[\p{Zs}\t\r]/u.test(character)) plain += " ";
    else if (/[\v\f\x85\u2028\u2029]/.test(character)) plain += "\n";
    else plain += character;
    while (spans.length < plain.length) spans.push(span);
  };
  let at = 0;
  for (const character of text) put(character, [at, (at += character.length)]);
  return { plain, spans };
}

const isDate = (ddmm, dayRaises = [0], monthRaises = [0]) =>
  dayRaises.some((days) =>
    monthRaises.some((months) => {
      const day = ddmm.slice(0, 2) - days;
      return day > 0 && day <= [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][ddmm.slice(2, 4) - months - 1];
    }),
  );
const isMonthDay = (digits, raises) => isDate(digits.slice(4, 6) + digits.slice(2, 4), raises);
const weigh = (digits, weights) => [...weights].reduce((sum, weight, index) => sum + weight * digits[index], 0) % 11;

function isNorwegian(digits) {
  const isDated = isDate(digits, [0, 40], [0, 40, 65, 80]);
  return (
    (isDated || digits > "8") &&
    weigh(digits, "54327654321") === 0 &&
    weigh(digits, "3761894521") <= (isDated ? 3 : 0)
  );
}

function isSwedish(digits) {
  if (digits.length === 12 && !/^(18|19|20)/.test(digits)) return false;
  const ten = digits.slice(-10);
  const sum = [...ten].reduce((total, digit, index) => total + (index % 2 ? +digit : +"0246813579"[digit]), 0);
  return sum % 10 === 0 && isMonthDay(ten, [0, 60]);
}

const isDanishDate = (digits) => isDate(digits, [0, 60]);
const isFinnish = (nine, check) =>
  isDate(nine) && nine.slice(6) > "001" && "0123456789ABCDEFHJKLMNPRSTUVWXY"[nine % 31] === check.toUpperCase();

function certainCountry(digits) {
  if (digits.length === 11) return isNorwegian(digits) && "NO";
  if (isSwedish(digits)) return digits.length === 10 ? TEN : "SE";
  if (digits.length === 12) return /^(19|20)/.test(digits) && weigh(digits, "4632463275") === +digits.slice(10) && "NO";
  const isDanish = weigh(digits, "4327654321") === 0 && isDanishDate(digits);
  return (isDanish || isFinnish(digits.slice(0, 9), digits[9])) && TEN;
}

/* Judge a run of whole groups: [is certain, country] or nothing. */
function judge(groups, gaps, first, last) {
  const own = groups.slice(first, last + 1);
  const parts = gaps.slice(first, last);
  const digits = own.join("");
  if (parts.includes("+")) {
    if (parts.indexOf("+") !== parts.length - 1 || groups[last].length !== 4 || digits.length === 11) return;
    if (isSwedish(digits)) return [true, "SE"];
    return digits.length === 10 && isFinnish(digits.slice(0, 9), digits[9]) ? [true, "FI"] : undefined;
  }
  if (parts.length) {
    if (parts.join("").split("\n").length > 2) return;
    if (own.every((group) => group.length === own[0].length)) {
      const isAlike = (index) => groups[index]?.length === own[0].length;
      let row = own.length;
      for (let index = first - 1; row < 16 && isAlike(index); index--) row++;
      for (let index = last + 1; row < 16 && isAlike(index); index++) row++;
      if (row > (digits.length === 10 ? own.length : 15)) return;
    }
  }
  const country = certainCountry(digits);
  if (country) return [parts.length > 0 || digits.length !== 10, country];
  if (digits.length !== 10 || !isDanishDate(digits)) return;
  let before = 0;
  const isParted = own.some((group) => (before += group.length) === 6);
  if (!parts.length || (isParted && (isDate(digits) || !isMonthDay(digits)))) return [false, TEN];
}

function standsAlone(plain, start, end) {
  if (/^[\p{L}\p{N}]/u.test(plain.slice(end, end + 2))) return false;
  const before = plain.slice(Math.max(0, start - 9), start);
  if (before.endsWith("+")) return !/^(4\d|29[89]|3[578]\d)/.test(plain.slice(start, start + 3));
  const word = before.match(/[\p{L}\p{N}]+$/u);
  return !word || LABELS.includes(word[0].toLowerCase());
}

function candidates(plain) {
  const found = [];
  const keep = (start, end, certain, country) => {
    if (standsAlone(plain, start, end)) found.push({ start, end, certain, country });
  };
  const explained = new Uint8Array(plain.length);
  for (const match of plain.matchAll(EXPLAINED)) {
    const start = match.index + (match[1] ?? match[3]).length;
    explained.fill(match[2] ? 1 : 2, start, match.index + match[0].length);
  }
  const strayDigits = (groups, starts, least) =>
    groups.reduce((sum, group, index) => sum + (explained[starts[index]] < least ? group.length : 0), 0);
  for (const chain of plain.matchAll(CHAIN)) {
    const groups = chain[0].split(/\D+/);
    const gaps = chain[0].split(/\d+/).slice(1, -1);
    const starts = [chain.index];
    gaps.forEach((gap, index) => starts.push(starts[index] + groups[index].length + gap.length));
    groups.forEach((_, first) => {
      let count = 0;
      for (let last = first; last < groups.length && count < 12; last++) {
        count += groups[last].length;
        if (count < 10 || count > 12) continue;
        const own = [groups.slice(first, last + 1), starts.slice(first, last + 1)];
        const verdict = strayDigits(...own, 1) && strayDigits(...own, 2) > 3 && judge(groups, gaps, first, last);
        if (verdict) keep(starts[first], starts[last] + groups[last].length, ...verdict);
      }
    });
  }
  for (const { 1: before, 2: whole, index } of plain.matchAll(FINNISH)) {
    const kept = whole.replace(/[^0-9a-z]/gi, "");
    const start = index + before.length;
    if (isFinnish(kept.slice(0, 6) + kept.slice(-4, -1), kept.slice(-1))) keep(start, start + whole.length, true, "FI");
  }
  for (const { 1: before, 2: whole, index } of plain.matchAll(REPLACEMENT)) {
    const hasCentury = whole.length > 11;
    const date = whole.slice(hasCentury ? 2 : 0);
    const isDated = isMonthDay(date) || (!hasCentury && isDate(date));
    const start = index + before.length;
    if (isDated) keep(start, start + whole.length, false, hasCentury ? "SE" : TEN);
  }
  return found;
}

/**
 * Find person numbers: `[{start, end, kind: "national_id", severity: "HIGH" | "MEDIUM", country}]` in order,
 * never overlapping; `start` and `end` are UTF-16 places in the text. HIGH stops the text, MEDIUM asks.
 */
export function find(text) {
  const { plain, spans } = fold(text);
  const kept = [];
  candidates(plain)
    .sort((a, b) => b.certain - a.certain || b.end - b.start - (a.end - a.start) || a.start - b.start)
    .forEach((one) => {
      if (kept.every((other) => one.end <= other.start || one.start >= other.end)) kept.push(one);
    });
  return kept
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, certain, country }) => ({
      start: spans[start][0],
      end: spans[end - 1][1],
      kind: "national_id",
      severity: certain ? "HIGH" : "MEDIUM",
      country,
    }));
}
