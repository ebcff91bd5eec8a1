"""A client that asks at a fixed rate, whether or not the answers come: what a crowd does, which no closed loop does."""

import asyncio
import time


class Answers:
    """What came back: seconds by status, and requests that got no answer."""

    def __init__(self):
        self.seconds = {}
        self.failed = 0

    def of(self, status):
        return sorted(self.seconds.get(status, []))


class Connections:
    """Connections that are kept, the last one used first; a new one where none is free."""

    def __init__(self, host, port):
        self.host, self.port, self.free = host, port, []

    async def take(self):
        while self.free:
            reader, writer = self.free.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
        return await asyncio.open_connection(self.host, self.port)

    def give(self, connection):
        self.free.append(connection)


async def exchange(connection, request):
    """Sends a request and reads its answer, which comes before the body is through if it is a refusal."""
    reader, writer = connection
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split(" ")[1])
    fields = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:] if ":" in line)}
    await reader.readexactly(int(fields.get("content-length", 0)))
    return status, fields.get("connection", "").lower() == "close"


async def offer(host, port, request, rate, seconds, patience=30):
    """Sends `rate` requests a second for `seconds`, evenly, and waits for the answers to all of them."""
    connections, answers = Connections(host, port), Answers()

    async def ask():
        begun = time.perf_counter()
        connection = None
        try:
            connection = await connections.take()
            status, closes = await asyncio.wait_for(exchange(connection, request), patience)
        except (OSError, EOFError, ValueError, asyncio.TimeoutError):
            answers.failed += 1
            if connection:
                connection[1].close()
            return
        answers.seconds.setdefault(status, []).append(time.perf_counter() - begun)
        if closes:
            connection[1].close()
        else:
            connections.give(connection)

    begun, tasks = time.perf_counter(), []
    for number in range(int(rate * seconds)):
        wait = begun + number / rate - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(ask()))
    # Those who are let in last are answered after the last one has asked.
    await asyncio.gather(*tasks)
    answers.lasted = time.perf_counter() - begun
    for _, writer in connections.free:
        writer.close()
    return answers
