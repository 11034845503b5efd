// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/**
 * Looks at the directory whenever a byte of the response is written, by whomever; an application's filter that wraps
 * the request and the response.
 */
final class WitnessFilter extends HttpFilter {

    /** A request with this parameter times out after so many milliseconds. */
    static final String TIMEOUT = "timeout";

    private static final long serialVersionUID = 1L;

    private final transient Witness witness;

    WitnessFilter(Witness witness) {
        this.witness = witness;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String row = request.getHeader(Witness.HEADER);
        chain.doFilter(
                new WrappedRequest(request), row == null ? response : new WatchedResponse(response, witness.of(row)));
    }

    private static final class WrappedRequest extends HttpServletRequestWrapper {

        WrappedRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
            AsyncContext context = super.startAsync(request, response);
            String timeout = getParameter(TIMEOUT);
            if (timeout != null) {
                context.setTimeout(Long.parseLong(timeout));
            }
            return context;
        }
    }

    private static final class WatchedResponse extends HttpServletResponseWrapper {

        private final Witness.Seen seen;
        private ServletOutputStream stream;

        WatchedResponse(HttpServletResponse response, Witness.Seen seen) {
            super(response);
            this.seen = seen;
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            if (stream == null) {
                stream = new WatchedStream(super.getOutputStream(), seen);
            }
            return stream;
        }

        @Override
        public void flushBuffer() throws IOException {
            seen.wrote();
            super.flushBuffer();
        }
    }

    private static final class WatchedStream extends ServletOutputStream {

        private final ServletOutputStream out;
        private final Witness.Seen seen;

        WatchedStream(ServletOutputStream out, Witness.Seen seen) {
            this.out = out;
            this.seen = seen;
        }

        @Override
        public void write(int one) throws IOException {
            seen.wrote();
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } finally {
                seen.wrote();
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } finally {
                seen.wrote();
            }
        }

        @Override
        public void close() throws IOException {
            try {
                out.close();
            } finally {
                seen.wrote();
            }
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }
    }
}
