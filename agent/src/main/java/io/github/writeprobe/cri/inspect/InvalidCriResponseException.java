package io.github.writeprobe.cri.inspect;

/// A runtime's answer lacks what is needed to judge a container, or has it in another form.
final class InvalidCriResponseException extends Exception {
    private static final long serialVersionUID = 1;

    /// @param reason what is wrong, without the call and the runtime
    InvalidCriResponseException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
