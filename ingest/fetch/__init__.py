"""From a publication's address to its file: the one room that speaks to other machines.

guard    which addresses may be connected to at all
wire     connections that go to the very address that was checked, within their time
robots   what a site lets us ask for, and how often
client   one request: redirects, robots.txt, pace, size, retries
fetcher  a publication -> its file and the changes of its catalogue line
cli      `python -m ingest fetch [ID...]`
"""
