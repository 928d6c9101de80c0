package chargepile.agent.store;

/**
 * Something to send once the commit is durable.
 *
 * @param destination {@code peer:<node key in hex>}, {@code chain} or {@code topic:<MQTT topic>}
 * @param payload opaque to the store
 */
public record OutboxEntry(String destination, byte[] payload) {}
