// Stands in for engine.io-client's table of transports: Reflex opens a WebSocket and nothing else (rx.Config's default transport).
import { WS } from "../../node_modules/engine.io-client/build/esm/transports/websocket.js";

export const transports = { websocket: WS };
