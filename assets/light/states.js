// Initial values of states that no public page shows come with the pages that show them, not with every page. Pages that
// nobody finds by searching (an invitation, an invoice by its link, the first steps of a new organisation) carry their own too.
import { readdirSync, readFileSync } from "fs";
import { join } from "path";

const APART = new RegExp(
  "[\\\\/](pages[\\\\/]((me|workspace|platform|gallery)[\\\\/]|public[\\\\/](invitation|invoice|welcome)\\.jsx)" +
    "|routes[\\\\/]\\[(me|w|platform|gallery|invitation|invoice|welcome)\\])",
);
const HEAD = "export const initialState = ";
const NAME = /useStateContext\("([^"]+)"\)/g;
export const REST = "virtual:carehub-states";
let rest = {};

const files = (folder) => readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".jsx")).map((name) => join(folder, name));

// What public pages read, and Reflex's own.
function shown(web) {
  const named = files(join(web, "app")).concat(files(join(web, "app_components"))).filter((file) => !APART.test(file));
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
  const here = shown(join(id, "..", ".."));
  const isHere = (name) => !name.includes(".carehub___") || here.has(name);
  const parts = (wanted) => Object.fromEntries(Object.entries(every).filter(([name]) => isHere(name) === wanted));
  rest = parts(false);
  let changed = swap(code, line, `${HEAD}${JSON.stringify(parts(true))};`);
  changed = swap(changed, "const dispatchers = {};", `const dispatchers = new Proxy({}, { get: (known, name) => known[name] ?? ((delta) => { early[name] = { ...early[name], ...delta }; }) });`);
  changed = swap(changed, "state[substateName] = value;", "state[substateName] = { ...value, ...early[substateName] };");
  changed = swap(changed, "mergeInitialState(initialState);\n", "mergeInitialState(initialState);\n  stores.push(mergeInitialState);\n");
  return `${changed}\nconst early = {}, stores = [];\nexport function addStates(more) { Object.assign(initialState, more); stores.forEach((merge) => merge(more)); }\n`;
}

export const isApart = (id) => APART.test(id) && id.includes("routes");
export const restModule = () => `import { addStates } from "$/utils/context";\naddStates(${JSON.stringify(rest)});`;
