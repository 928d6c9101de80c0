package chargepile.agent.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The page and its metrics.
 *
 * @param bind the address to listen at; another than loopback only with a token
 * @param port 0 for any that is free
 * @param host a name by which it is reached, besides addresses and {@code localhost}
 * @param tokenFile a file that holds the token and nothing else
 */
public record WebSettings(
    boolean enabled, InetAddress bind, int port, Optional<String> host, Optional<Path> tokenFile) {}
