import * as z from 'zod';
import { purchase } from './domain';

/** What API Gateway holds an order against: the schema of the function that takes it, as far as JSON schema goes. */
export const purchaseSchema = z.toJSONSchema(purchase, { target: 'draft-4', io: 'input' });
