export { startEventBridge } from './event-bridge.ts';
export {
  type RestApi,
  type RestApiSetup,
  startRestApi,
} from './rest-api.ts';
export { startWebhooks, type WebhookSetup } from './webhooks.ts';
