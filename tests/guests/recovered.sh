# What crash.sh had acknowledged is there, and the volume works on. Parameters: records.
attach
in_order() { awk '$0 != sprintf("record %08d", NR - 1) { print NR ": " $0; exit 1 }' /mnt/records; }
check records [ "$(wc -l </mnt/records)" -ge "$records" ]
check in-order in_order
check listed ls -lR /mnt/churn
check goes-on posix append /mnt/records after 10
cold
check seen-again [ "$(grep -c ^after /mnt/records)" = 10 ]
