// Vite's part in light pages: what Reflex's own runtime carries and these pages do not need. Why so: docs/decisions/0008.
import { fileURLToPath } from "url";
import { OWN, REST, split, statesModule, statesOf } from "./states.js";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const STAND_INS = { "@emotion/react": "./jsx.js", mergician: "./merge.js", "universal-cookie": "./cookies.js", "$/utils/helpers/upload": "./upload.js" };

// A direct eval keeps every name of the scripts around it readable; `window.__reflex` hands whole modules to components that the
// server sends as text. The policy of our pages refuses both anyway.
const CHANGES = [
  ["/utils/context.jsx", split],
  ["/utils/state.js", (code) => code.replace(/(?<![.\w])eval\(/g, "globalThis.eval(")],
  ["/app/root.jsx", (code) => code.replace(/^import \* as \w+ from .*$/gm, "").replace(/useEffect\(\(\) => \{[^]*?window\.__reflex = [^]*?\}, \[\]\);/, "")],
];

export default function light() {
  return {
    name: "carehub-light",
    enforce: "pre",
    config: () => ({ resolve: { alias: Object.entries(STAND_INS).map(([name, file]) => ({ find: name, replacement: here(file) })) } }),
    resolveId(source, importer = "") {
      if (source === REST || source === OWN) return `\0${source}`;
      const isTransports = source === "./transports/index.js" && importer.includes("/engine.io-client/build/esm/");
      return isTransports ? here("./transports.js") : null;
    },
    // the states are split before their rest is asked for
    async load(id) {
      if (id !== `\0${REST}` && id !== `\0${OWN}`) return null;
      await this.load(await this.resolve("$/utils/context"));
      return statesModule(id.slice(1));
    },
    transform(code, id) {
      const file = id.split("?")[0];
      const states = statesOf(file);
      if (states) return { code: `import "${states}";\n${code}`, map: null };
      const change = CHANGES.find(([end]) => file.endsWith(end));
      return change ? { code: change[1](code, file), map: null } : null;
    },
  };
}
