// Initial values of states that no public page shows come with the pages that show them, not with every page. Public pages that
// nobody finds by searching (an invitation, an invoice by its link, the first steps of a new organisation) bring their own, too.
import { readdirSync, readFileSync } from "fs";
import { join } from "path";

const APART = /[\\/](pages[\\/](me|workspace|platform|gallery)[\\/]|routes[\\/]\[(me|w|platform|gallery)\])/;
const SELDOM = /[\\/](pages[\\/]public[\\/](invitation|invoice|welcome)\.jsx|routes[\\/]\[(invitation|invoice|welcome)\])/;
const HEAD = "export const initialState = ";
const NAME = /useStateContext\("([^"]+)"\)/g;
export const REST = "virtual:carehub-states";
export const OWN = "virtual:carehub-seldom";
const told = { [REST]: {}, [OWN]: {} };

const files = (folder) => readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".jsx")).map((name) => join(folder, name));

// What those pages read, and Reflex's own.
function shown(web, wanted) {
  const named = files(join(web, "app")).concat(files(join(web, "app_components"))).filter(wanted);
  return new Set(named.flatMap((file) => [...readFileSync(file, "utf8").matchAll(NAME)].map((found) => found[1])));
}

const swap = (code, from, to) => {
  if (!code.includes(from)) throw new Error(`Reflex's states are no longer made as expected: ${from}`);
  return code.replace(from, () => to);
};

// Values that the server tells of a state which is not here yet are kept until it is.
export function split(code, id) {
  const line = code.split("\n").find((one) => one.startsWith(HEAD));
  const every = JSON.parse(line.slice(HEAD.length).replace(/;?\s*$/, ""));
  const web = join(id, "..", "..");
  const here = shown(web, (file) => !APART.test(file) && !SELDOM.test(file));
  const seldom = shown(web, (file) => SELDOM.test(file));
  const isHere = (name) => !name.includes(".carehub___") || here.has(name);
  const parts = (wanted) => Object.fromEntries(Object.entries(every).filter(([name]) => wanted(name)));
  told[REST] = parts((name) => !isHere(name));
  told[OWN] = parts((name) => !isHere(name) && seldom.has(name));
  let changed = swap(code, line, `${HEAD}${JSON.stringify(parts(isHere))};`);
  changed = swap(changed, "const dispatchers = {};", `const dispatchers = new Proxy({}, { get: (known, name) => known[name] ?? ((delta) => { early[name] = { ...early[name], ...delta }; }) });`);
  changed = swap(changed, "state[substateName] = value;", "state[substateName] = { ...value, ...early[substateName] };");
  changed = swap(changed, "mergeInitialState(initialState);\n", "mergeInitialState(initialState);\n  stores.push(mergeInitialState);\n");
  return `${changed}\nconst early = {}, stores = [];\nexport function addStates(more) { Object.assign(initialState, more); stores.forEach((merge) => merge(more)); }\n`;
}

// The module that a page's own script asks for first, if any.
export const statesOf = (id) => (id.includes("routes") ? (APART.test(id) ? REST : SELDOM.test(id) ? OWN : "") : "");
export const statesModule = (name) => `import { addStates } from "$/utils/context";\naddStates(${JSON.stringify(told[name])});`;
