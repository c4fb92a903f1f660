from carehub.cli import app

app(prog_name="carehub")
