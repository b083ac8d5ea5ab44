import { describe, expect, test } from '@jest/globals';
import { refuseMisspelled } from '../../../lib/request/misspelled-headers.ts';

const read = (name: string) => refuseMisspelled({ [name.toLowerCase()]: ['x'] }, true);
const change = (name: string) => refuseMisspelled({ [name.toLowerCase()]: ['x'] }, false);

describe('A misspelled header field is refused by name', () => {
  test.each([
    ['Categories', 'Category'],
    ['Catagory', 'Category'],
    ['Cateogry', 'Category'],
    ['Ctegory', 'Category'],
    ['X-Category', 'Category'],
    ['OCCI-Attribute', 'X-OCCI-Attribute'],
    ['OCCI-Category', 'X-OCCI-Category'],
    ['OCCIAttribute', 'X-OCCI-Attribute'],
    ['X-OCCILocation', 'X-OCCI-Location'],
    ['XOCCI-Locations', 'X-OCCI-Location'],
  ])('%s, in reads and in changes', (name, meant) => {
    for (const refused of [read, change]) expect(() => refused(name)).toThrow(`did you mean ${meant}?`);
  });

  test.each([
    ['If-Matches', 'If-Match'],
    ['IfMatch', 'If-Match'],
    ['If_Match', 'If-Match'],
    ['X-If-Match', 'If-Match'],
    ['Fi-Match', 'If-Match'],
    ['If-Mtach', 'If-Match'],
    ['If-None-Matches', 'If-None-Match'],
    ['IfNoneMatch', 'If-None-Match'],
    ['X-If-None-Match', 'If-None-Match'],
    ['If-Non-Match', 'If-None-Match'],
    ['If-Unmodified-Sinc', 'If-Unmodified-Since'],
  ])('%s, in changes', (name, meant) => {
    expect(() => change(name)).toThrow(`did you mean ${meant}?`);
    expect(() => read(name)).not.toThrow();
  });

  test('an unknown OCCI field that resembles no known one is refused in changes', () => {
    for (const name of ['OCCI-Filter', 'X-OCCI-Filter']) {
      expect(() => change(name)).toThrow('is not known here.');
      expect(() => read(name)).not.toThrow();
    }
  });
});

/** The permanent and provisional fields of the IANA registry that requests have, and those of proxies and browsers. */
const OTHERS = `A-IM Accept Accept-Additions Accept-CH Accept-Charset Accept-Datetime Accept-Encoding Accept-Features
  Accept-Language Accept-Patch Accept-Post Accept-Query Accept-Ranges Access-Control-Request-Headers
  Access-Control-Request-Method Age Allow ALPN Alt-Svc Alt-Used Alternates Apply-To-Redirect-Ref Authorization
  Available-Dictionary C-Ext C-Man C-Opt Cache-Control Cache-Group-Invalidation Cache-Groups Cache-Status Cal-Managed-ID
  CalDAV-Timezones Capsule-Protocol CDN-Cache-Control CDN-Loop Cert-Not-After Cert-Not-Before Clear-Site-Data Client-Cert
  Client-Cert-Chain Close Connection Content-Digest Content-Disposition Content-Encoding Content-ID Content-Language
  Content-Length Content-Location Content-MD5 Content-Range Content-Script-Type Content-Style-Type Content-Type
  Content-Version Cookie Cookie2 DASL Date DAV Default-Style Delta-Base Depth Derived-From Destination Detached-JWS
  Dictionary-ID Digest DNT DPoP DPoP-Nonce Early-Data EDIINT-Features ETag Expect Expires Ext Forwarded From GetProfile
  Hobareg Host HTTP2-Settings If If-Match If-Modified-Since If-None-Match If-Range If-Schedule-Tag-Match
  If-Unmodified-Since IM Include-Referred-Token-Binding-ID Incremental Isolation Keep-Alive Label Last-Event-ID
  Last-Modified Link Link-Template Location Lock-Token Man Max-Forwards Memento-Datetime Meter Method-Check MIME-Version
  Negotiate OData-EntityId OData-Isolation OData-MaxVersion OData-Version Opt Ordering-Type Origin Origin-Agent-Cluster
  OSCORE OSLC-Core-Version Overwrite P3P PEP PICS-Label Position Pragma Prefer Priority Proxy-Authorization
  Proxy-Connection Public Range Redirect-Ref Referer Referer-Root Referrer-Policy Repeatability-Client-ID
  Repeatability-First-Sent Repeatability-Request-ID Replay-Nonce Schedule-Reply Schedule-Tag Sec-CH-UA Sec-Fetch-Dest
  Sec-Fetch-Mode Sec-Fetch-Site Sec-Fetch-User Sec-GPC Sec-Purpose Sec-Token-Binding Sec-WebSocket-Key Security-Scheme
  Server Signature Signature-Input SLUG SoapAction Status-URI Sunset Surrogate-Capability TCN TE Timeout Topic
  Traceparent Tracestate Trailer Transfer-Encoding TTL Upgrade Urgency URI User-Agent Use-As-Dictionary
  Variant-Vary Vary Via Want-Content-Digest Want-Digest Want-Repr-Digest Warning X-Amz-Cf-Id X-Amzn-Trace-Id X-Api-Key
  X-Auth-Token X-Category-Id-Of-Others X-Correlation-Id X-Forwarded-For X-Forwarded-Host X-Forwarded-Port
  X-Forwarded-Proto X-Real-IP X-Request-Id X-Requested-With Idempotency-Key CloudFront-Viewer-Country Cf-Ray Cf-Connecting-Ip`;

test('No standard HTTP field counts as misspelled', () => {
  const names = OTHERS.split(/\s+/);
  expect(names.length).toBeGreaterThan(150);
  for (const name of names) for (const pass of [read, change]) expect(() => pass(name)).not.toThrow();
});
