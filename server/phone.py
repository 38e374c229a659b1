"""The phone app's files, as its build left them in `pwa/dist`.

/, /join, /app/…           index.html, asked for anew each time
/assets/name-<hash>.js     kept by browsers for ever: another content has another name
everything else there      asked for anew each time (sw.js, the manifest, icons)
"""

import re
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

BUILT = Path(__file__).parent.parent / "pwa" / "dist"
_HASHED = re.compile(r"/assets/[^/]+-[\w-]{8}\.\w+$", re.ASCII)
_TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript"}
_ENTRANCES = re.compile(r"^/(?:join|app(?:/.*)?)?$")


class PhoneApp:
    """Serves a folder of built files. The list of them is made once, so no path can lead anywhere else."""

    def __init__(self, folder: Path = BUILT) -> None:
        self._folder = folder
        files = (path for path in folder.rglob("*") if path.is_file())
        self._files = {"/" + path.relative_to(folder).as_posix(): path for path in files}

    @property
    def built(self) -> bool:
        """Whether there is an app to serve."""
        return "/index.html" in self._files

    async def answer(self, request: Request) -> Response:
        """Answers GET and HEAD of any path that no other door took."""
        path = request.url.path
        if _ENTRANCES.match(path):
            if not self.built:
                raise HTTPException(503, "The phone app has not been built; run scripts/install.")
            path = "/index.html"
        file = self._files.get(path)
        if file is None:
            raise HTTPException(404)
        caching = "public, max-age=31536000, immutable" if _HASHED.search(path) else "no-cache"
        return FileResponse(file, media_type=_TYPES.get(file.suffix), headers={"cache-control": caching})
