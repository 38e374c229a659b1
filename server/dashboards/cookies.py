"""The cookies these pages give a browser: the session, and short-lived ones that tie two requests to one browser.

All are HttpOnly and SameSite=Strict; over https they never travel without it.
"""

from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from server.auth.errors import StaleSignIn
from server.auth.tokens import SESSION_SECONDS
from server.context import Context

Purpose = Literal["waiting", "challenge"]


def keep(context: Context, response: Response, purpose: Purpose, cookie: str, seconds: int) -> None:
    """Gives a browser a cookie for a purpose, for so many seconds."""
    doorkeeper = context.doorkeeper
    response.set_cookie(
        f"{doorkeeper.cookie}-{purpose}",
        cookie,
        max_age=seconds,
        secure=doorkeeper.secure,
        httponly=True,
        samesite="strict",
    )


def kept(context: Context, request: Request, purpose: Purpose) -> str:
    """The cookie of a purpose that a request shows. Raises StaleSignIn where it shows none."""
    cookie = request.cookies.get(f"{context.doorkeeper.cookie}-{purpose}")
    if cookie is None:
        raise StaleSignIn
    return cookie


def drop(context: Context, response: Response, purpose: Purpose) -> None:
    """Takes the cookie of a purpose away again."""
    doorkeeper = context.doorkeeper
    response.delete_cookie(f"{doorkeeper.cookie}-{purpose}", secure=doorkeeper.secure, httponly=True, samesite="strict")


def give_session(context: Context, response: Response, cookie: str) -> Response:
    """The response, with the session's cookie."""
    response.set_cookie(
        context.doorkeeper.cookie,
        cookie,
        max_age=SESSION_SECONDS,
        secure=context.doorkeeper.secure,
        httponly=True,
        samesite="strict",
    )
    response.headers["cache-control"] = "no-store"
    return response


def end_session(context: Context, response: Response) -> None:
    """Takes the session's cookie away."""
    doorkeeper = context.doorkeeper
    response.delete_cookie(doorkeeper.cookie, secure=doorkeeper.secure, httponly=True, samesite="strict")
