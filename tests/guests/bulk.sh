# A large file written in order, and read back warm and cold, every byte compared. Parameters: mib.
attach
bytes=$((mib << 20))
written() { bench stream "$bytes" | dd of=/mnt/bulk bs=1M iflag=fullblock conv=fsync; }
reads_back() { dd if=/mnt/bulk bs=1M 2>/dev/null | bench compare "$bytes"; }
check write written
check read-warm reads_back
sum=$(md5sum </mnt/bulk)
cold
check size [ "$(stat -c %s /mnt/bulk)" = "$bytes" ]
check read-cold reads_back
cold
check checksum [ "$(md5sum </mnt/bulk)" = "$sum" ]
