// A container of a function: imports it, hands over one event, prints what both took as one line of JSON. Run by the Node
// of the deployment; imports nothing itself, so that all that a function needs counts.
const [url, event] = process.argv.slice(2);

/** Milliseconds of all threads, and of the clock. */
const passed = (cpu, wall) => {
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / 1000, wall: performance.now() - wall };
};

const [cpu, wall] = [process.cpuUsage(), performance.now()];
const { handler } = await import(url);
const imported = passed(cpu, wall);
const { statusCode, body, headers } = await handler(JSON.parse(event), { getRemainingTimeInMillis: () => 29_000 });
const answered = passed(cpu, wall);
// The log goes to stdout.
process.stderr.write(JSON.stringify({ imported, answered, statusCode, headers, body: String(body).slice(0, 2000) }));
process.exit(0);
