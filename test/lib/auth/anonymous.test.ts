import { anonymous } from '../../../lib/auth/anonymous.ts';
import { authSchemeContract } from '../../contract/auth-scheme.ts';

authSchemeContract({ scheme: anonymous, good: { anonymous: {} }, takesAll: true });
