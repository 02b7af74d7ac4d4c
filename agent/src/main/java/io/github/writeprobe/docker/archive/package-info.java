/// Reads and writes files in containers and images by the archive endpoints.
@NullMarked
package io.github.writeprobe.docker.archive;

import org.jspecify.annotations.NullMarked;
