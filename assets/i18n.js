// Catalogues live in the browser: a change of language costs no event and no rebuild.
// The head script (carehub/components/head.py) has set <html lang dir> and begun the download before the first paint.
import { useSyncExternalStore } from "react";

export const TAGS = { en: "en-GB", fr: "fr-FR", ar: "ar-MA-u-nu-latn" };
const FAMILIES = ["client", "practitioner"];
const PLURALS = { coach: "coaches" };
const server = { locale: "en", texts: {}, words: {} };
let now = server;
const listeners = new Set();
const change = (part) => { now = { ...now, ...part }; listeners.forEach((listener) => listener()); };
const root = () => document.documentElement;

// {name} from the parameters; {client}, {Clients}, {practitioner}… are the tenant's own words.
const fill = (text, params, word) => (text.includes("{") ? text.replace(/\{(\w+)\}/g, (all, name) => params?.[name] ?? word(name) ?? all) : text);
const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

export async function setLocale(locale) {
  const texts = locale === "en" ? {} : await (window.__texts?.[locale] ?? fetch(window.__catalogues[locale]).then((answer) => answer.json())).catch(() => ({}));
  root().lang = locale;
  root().dir = locale === "ar" ? "rtl" : "ltr";
  root().removeAttribute("data-wait");
  document.cookie = `locale=${locale}; path=/; max-age=31536000; samesite=lax`;
  change({ locale, texts });
}

// The tenant's vocabulary: { client: "patient", practitioner: "expert" }.
export const setWords = (words) => JSON.stringify(words) === JSON.stringify(now.words) || change({ words });

const subscribe = (listener) => (listeners.add(listener), () => listeners.delete(listener));
const useStore = () => useSyncExternalStore(subscribe, () => now, () => server);

const formats = new Map();
function format(kind, locale, options) {
  const key = `${kind.name}${locale}${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new kind(TAGS[locale], options));
  return formats.get(key);
}

const STYLES = {
  date: { day: "numeric", month: "short", year: "numeric" },
  long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  day: { weekday: "short", day: "numeric", month: "short" },
  month: { month: "long", year: "numeric" },
  weekday: { weekday: "short" },
  weekdaynumber: { weekday: "short", day: "numeric" },
  weekdaylong: { weekday: "long" },
  number: { day: "numeric" },
  monthonly: { month: "long" },
  monthshort: { month: "short" },
  daymonth: { day: "numeric", month: "long" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  datetime: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  dated: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  short: { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};
const UNITS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];

function relative(locale, moment) {
  const seconds = (moment - Date.now()) / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
  return format(Intl.RelativeTimeFormat, locale, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

function date(locale, iso, { zone, style = "datetime" } = {}) {
  if (!iso) return "";
  const whole = iso.length === 10;  // a day has no zone, and a wall time is read as it is written
  const wall = /T\d\d:\d\d(:\d\d)?$/.test(iso);
  const moment = new Date(whole ? `${iso}T12:00:00Z` : wall ? `${iso}Z` : iso);
  if (style === "relative") return relative(locale, moment);
  const options = { ...STYLES[style], timeZone: whole || wall ? "UTC" : zone || undefined };
  return format(Intl.DateTimeFormat, locale, options).format(moment);
}

const SYMBOLS = { fr: { TND: "DT", CAD: "$ CA" } };
function money(locale, minor, { currency } = {}) {
  if (!currency || minor === "" || minor == null) return "";
  const written = format(Intl.NumberFormat, locale, { style: "currency", currency });
  const { maximumFractionDigits } = written.resolvedOptions();
  const symbol = SYMBOLS[locale]?.[currency];
  return written.formatToParts(Number(minor) / 10 ** maximumFractionDigits).map(({ type, value }) => (type === "currency" && symbol ? symbol : value)).join("");
}

function number(locale, value, { digits } = {}) {
  const options = digits == null ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return format(Intl.NumberFormat, locale, options).format(Number(value));
}

function translator({ locale, texts, words }) {
  const text = (key) => (typeof texts[key] === "object" ? texts[key].other : texts[key]) ?? key;
  const word = (code) => {
    const family = code.toLowerCase().replace(/s$/, "");
    if (!FAMILIES.includes(family)) return undefined;
    const one = words[family] ?? family;
    const own = text(code.endsWith("s") ? PLURALS[one] ?? `${one}s` : one);
    return code[0] === family[0] ? own : capital(own);
  };
  const t = (key, params) => fill(text(key) ?? "", params, word);
  t.locale = locale;
  t.n = (one, many, n, params) => {
    const forms = texts[one];
    const chosen = typeof forms === "object" ? forms[format(Intl.PluralRules, locale, {}).select(n)] || forms.other : n === 1 ? one : many;
    return fill(chosen, { n: number(locale, n), ...params }, word);
  };
  t.word = word;
  t.date = (iso, options) => date(locale, iso, options);
  t.money = (minor, options) => money(locale, minor, options);
  t.number = (value, options) => number(locale, value, options);
  return t;
}

const made = new WeakMap();
export function useT() {
  const store = useStore();
  if (!made.has(store)) made.set(store, translator(store));
  return made.get(store);
}

export const useDirection = () => (useStore().locale === "ar" ? "rtl" : "ltr");

if (typeof document !== "undefined") {
  if (root().dataset.words) now = { ...now, words: JSON.parse(root().dataset.words) };
  const { lang } = root();
  if (lang !== "en" && lang in TAGS) setLocale(lang);
}
