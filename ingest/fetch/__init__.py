"""From a publication's address to its file: the one room that speaks to other machines.

urls      addresses as they may be asked for, and as they may be shown
guard     which addresses may be connected to at all
wire      connections that go to the very address that was checked, within their time
robots    what one robots.txt says to us
manners   who asks, what may be asked for, and when
body      the bytes of an answer without their encoding
client    one request: redirects, size, retries
download  an address -> its bytes in a partial file, gone on with after a break
media     which type the bytes may be of
stored    the partial file -> its place in the corpus
fetcher   a publication -> its file and the changes of its catalogue line
cli       `python -m ingest fetch [ID...]`
"""
