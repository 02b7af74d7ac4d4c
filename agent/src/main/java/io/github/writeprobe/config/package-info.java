/// Reads configuration files. For every mistake it says where it is and what to write instead.
@NullMarked
package io.github.writeprobe.config;

import org.jspecify.annotations.NullMarked;
