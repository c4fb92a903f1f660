import reflex as rx
def workspace_shell(title, inner): return inner
