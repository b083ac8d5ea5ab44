import { describe, expect, test } from '@jest/globals';
import { readReport } from '../../../bench/generator/wrk.ts';

/** As wrk 4.1.0 printed it. */
const REPORT = `Running 1s test @ http://127.0.0.1:3300/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.53ms    4.03ms  59.83ms   96.76%
    Req/Sec    18.93k     8.77k   26.26k    72.73%
  Latency Distribution
     50%  603.00us
     75%    1.00ms
     90%    2.43ms
     99%   23.34ms
  20665 requests in 1.10s, 3.23MB read
Requests/sec:  18801.44
Transfer/sec:      2.94MB
`;

/** As it printed when a server refused some and hung up on others. */
const BAD = `Running 1s test @ http://127.0.0.1:3397/
  1 threads and 4 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   626.49us    1.43ms  21.87ms   92.93%
    Req/Sec    13.73k     8.09k   25.07k    70.00%
  Latency Distribution
     50%  214.00us
     75%  426.00us
     90%    1.44ms
     99%    6.45ms
  13664 requests in 1.00s, 1.62MB read
  Socket errors: connect 0, read 13, write 0, timeout 0
  Non-2xx or 3xx responses: 273
Requests/sec:  13652.12
Transfer/sec:      1.62MB
`;

describe("wrk's report", () => {
  test('tells what was measured, times in milliseconds', () => {
    expect(readReport(REPORT)).toEqual({ perSecond: 18801.44, p50: 0.603, p99: 23.34, answers: 20665, wrong: '' });
  });

  test('tells of answers that were not good', () => {
    expect(readReport(BAD).wrong).toBe('273 not 2xx; socket errors: connect 0, read 13, write 0, timeout 0');
  });

  test('is told when it is none', () => {
    expect(() => readReport('unable to connect to 127.0.0.1:9')).toThrow(/unable to connect/);
  });
});
