import { conforms } from './conformance';

const SEEDS = ['1'];

conforms('ec2', SEEDS);
