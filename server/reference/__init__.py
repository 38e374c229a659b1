"""What programs may ask this server, described as OpenAPI 3.1 and as a page.

operations.py   what each endpoint takes and answers, by its handler
openapi.py      routes + operations + msgspec's JSON Schema → the document
"""

from starlette.routing import Route

from server.reference.openapi import openapi, reference

ROUTES = [
    Route("/api/openapi.json", openapi, methods=["GET"]),
    Route("/public/{language:language}/api", reference, methods=["GET"]),
]
