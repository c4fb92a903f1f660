"""What stands in every page's head: the reader's language before the first paint, icons, colours of the browser's own bars."""

import json

import reflex as rx

from carehub.components.catalogues import compile_catalogues

# The language is the address's (?hl=, what search engines link), the cookie's, else
# the browser's first that is spoken here; the catalogue is fetched while the scripts load.
LANGUAGE = """
window.__catalogues=%s;
(function(){var d=document.documentElement,c=location.search.match(/[?&]hl=(en|fr|ar)/)||
document.cookie.match(/(?:^|; )locale=(en|fr|ar)/),l=c?c[1]:"en";
if(!c)for(var n of navigator.languages||[]){n=n.slice(0,2);if(n==="en"||n==="fr"||n==="ar"){l=n;break}}
d.lang=l;d.dir=l==="ar"?"rtl":"ltr";
if(l!=="en"){d.dataset.wait="";window.__texts={};window.__texts[l]=fetch(window.__catalogues[l]).then(function(r){return r.json()})}})();
"""


def head() -> list[rx.Component]:
    return [
        rx.el.script(LANGUAGE % json.dumps(compile_catalogues())),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
    ]
