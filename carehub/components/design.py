"""The design in the build: our tokens as Tailwind's theme, fonts from packages, and the light runtime
of docs/decisions/0008."""

from pathlib import PurePosixPath
from typing import Any

from reflex_base.plugins.tailwind_v4 import TailwindV4Plugin, add_tailwind_to_css_file, add_tailwind_to_postcss_config

FONTS = ["@fontsource-variable/instrument-sans@5.3.0", "@fontsource-variable/vazirmatn@5.3.0"]
ROOT_STYLE = """@layer theme, base, components, utilities;
@import "../public/css/tokens.css";
@import "../public/css/base.css" layer(components);
@import "../public/css/ui.css" layer(components);
@import "tailwindcss/utilities.css" layer(utilities) source(none);
@source "../app/**/*.jsx";
@source "../public/ui/*.jsx";
@source not inline("filter");
@source not inline("ring");
@source "../app_components/**/*.jsx";
@custom-variant dark (&:where(.dark, .dark *, [data-theme=dark], [data-theme=dark] *));
"""
LIGHT = 'import light from "./public/light/build.js";\n'


def _styles() -> tuple[str, str]:
    return str(PurePosixPath("styles") / "tailwind.css"), ROOT_STYLE


def _lightened(config: str) -> str:
    """Vite with our own plugin before the others. Raises ValueError when the configuration has no place for it."""
    if config.startswith(LIGHT):
        return config
    if "  plugins: [" not in config:
        raise ValueError("vite.config.js has no plugins: public pages would carry all of Reflex's runtime")
    return LIGHT + config.replace("  plugins: [", "  plugins: [\n    light(),", 1)


class DesignPlugin(TailwindV4Plugin):
    """Tailwind v4 whose theme is assets/css/tokens.css. A name that is not in the tokens compiles to nothing."""

    def get_frontend_development_dependencies(self, **context: Any) -> list[str]:
        return [*super().get_frontend_development_dependencies(**context), *FONTS]

    def pre_compile(self, **context: Any) -> None:
        context["add_save_task"](_styles)
        context["add_modify_task"]("postcss.config.js", add_tailwind_to_postcss_config)
        context["add_modify_task"]("vite.config.js", _lightened)
        context["add_modify_task"](
            "styles/__reflex_global_styles.css",
            lambda content: add_tailwind_to_css_file(content, include_radix_themes=False),
        )
