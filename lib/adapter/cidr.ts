/** Networks in CIDR notation, in one spelling: rules and subnets are compared as text. */
import { addressText, spanOf } from './addresses.ts';

/** `10.1.2.3/8` as `10.0.0.0/8`, `2001:DB8::1/32` as `2001:db8::/32`; undefined for what is no network. */
export function canonicalCidr(text: string): string | undefined {
  const span = text.includes('%') ? undefined : spanOf(text);
  return span && `${addressText(span.first, span.bits)}/${Number(text.split('/')[1])}`;
}

/** True for a network of IPv6. */
export const isIpv6 = (cidr: string): boolean => cidr.includes(':');
