// Stands in for @emotion/react: Reflex writes `css={{...}}` for style props. Ours are flat declarations and custom
// properties, which React's own style attribute carries; states and media belong to classes.
import { createElement, createContext } from "react";

export const jsx = (type, props, ...children) => {
  if (props && props.css) {
    const { css, style, ...rest } = props;
    return createElement(type, { ...rest, style: { ...css, ...style } }, ...children);
  }
  return createElement(type, props, ...children);
};
export const css = (style) => style;
export const ThemeContext = createContext({});
