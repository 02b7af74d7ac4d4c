/// What an operator wants: rules, waivers and the containers they match.
///
/// Does no I/O, reads no clock, logs nothing; [io.github.writeprobe.config] reads the file.
@NullMarked
package io.github.writeprobe.policy;

import org.jspecify.annotations.NullMarked;
