import { defineService } from '../../kernel';

export default defineService({
  name: 'elasticache',
  operations: {},
});
