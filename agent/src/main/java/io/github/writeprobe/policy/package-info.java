/// What an operator requires: rules, waivers and the containers that they match.
///
/// Does no I/O, reads no clock and logs nothing; [io.github.writeprobe.config] reads the file.
@NullMarked
package io.github.writeprobe.policy;

import org.jspecify.annotations.NullMarked;
