package io.github.writeprobe.web;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/// An SSL context for a server that asks for it once, and outlives its certificates. Each new
/// connection gets an SSLEngine of the context that is current at that time.
final class DelegatingSslContext extends SSLContext {
    /// @param mayWait whether the current thread may wait for a client
    DelegatingSslContext(Supplier<TlsContext> current, BooleanSupplier mayWait) {
        super(
                new Spi(current, mayWait),
                current.get().context().getProvider(),
                current.get().context().getProtocol());
    }

    private static final class Spi extends SSLContextSpi {
        private final Supplier<TlsContext> current;
        private final BooleanSupplier mayWait;

        Spi(Supplier<TlsContext> current, BooleanSupplier mayWait) {
            this.current = current;
            this.mayWait = mayWait;
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return new NonBlockingCloseSslEngine(current.get().createEngine(host, port), mayWait);
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return current.get().context().getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return current.get().context().getSupportedSSLParameters();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return current.get().context().getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return current.get().context().getClientSessionContext();
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("already initialised");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            throw new UnsupportedOperationException();
        }
    }
}
