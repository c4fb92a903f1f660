// Stands in for universal-cookie: what Reflex's runtime asks of it, over document.cookie.
const attributes = ({ path, domain, maxAge, expires, sameSite, secure, partitioned }) => [
  path && `path=${path}`,
  domain && `domain=${domain}`,
  maxAge != null && `max-age=${Math.floor(maxAge)}`,
  expires && `expires=${expires.toUTCString()}`,
  sameSite && `samesite=${sameSite === true ? "strict" : sameSite}`,
  secure && "secure",
  partitioned && "partitioned",
];

const decoded = (text) => {
  try { return decodeURIComponent(text); } catch { return text; }
};

export default class Cookies {
  // Always as text: Reflex parses it itself.
  get(name) {
    if (typeof document === "undefined") return undefined;
    const found = document.cookie.split(/; */).find((one) => one.slice(0, one.indexOf("=")) === name);
    return found && decoded(found.slice(found.indexOf("=") + 1).replace(/^"(.*)"$/, "$1"));
  }

  set(name, value, options = {}) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    document.cookie = [`${name}=${encodeURIComponent(text)}`, ...attributes(options).filter(Boolean)].join("; ");
  }

  remove(name, options = {}) {
    this.set(name, "", { ...options, expires: new Date(0), maxAge: 0 });
  }
}
