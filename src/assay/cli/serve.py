"""`assay serve`."""

from __future__ import annotations

import click

from assay.cli.output import say
from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes a free one.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="Name under which browsers ask for it.")
@click.option(
    "--proxy", "proxies", multiple=True, metavar="ADDRESS", help="Proxy that is believed about who asks, and by HTTPS."
)
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@lab_option
def command(
    host: str, port: int, names: tuple[str, ...], proxies: tuple[str, ...], no_browser: bool, lab: LabPlace | None
) -> None:
    """Open the lab in the browser.

    On this machine alone a key in the address lets you in. For others, listen on another --host: users log in.
    """
    from assay.base.optional import need
    from assay.verbs.where import existing_lab

    need("uvicorn", "server")
    need("fastapi", "server")
    from assay.server.listening import listening

    with listening(existing_lab(lab).parent, host, port, names, proxies) as served:
        say(f"the lab {served.lab} is at {served.address}")
        if not no_browser and served.local:
            click.launch(served.address)
        served.run()
