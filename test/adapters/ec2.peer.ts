/** The adapter for EC2 keeps the contract, against moto behind the proxy that adds what moto has not. */
import { ec2Contract } from './ec2-contract.ts';

// `ec2-endpoint.peer.ts` lists 1,200.
ec2Contract({ name: 'ec2', sizes: [1, 40, 100] });
