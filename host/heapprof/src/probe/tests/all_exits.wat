;; A malloc that leaves in another way for each size.
(component
  (core module $m
    (func $malloc (param $size i32) (result i32)
      (local $block i32)
      (local.set $block (i32.mul (local.get $size) (i32.const 1024)))
      ;; The parameter is overwritten, as optimised code does.
      (if (i32.eq (local.get $size) (i32.const 77)) (then (return (i32.const 0))))
      (if (i32.eq (local.get $size) (i32.const 1)) (then (return (local.get $block))))
      (block $two
        (br_if $two (i32.ne (local.get $size) (i32.const 2)))
        (local.set $size (i32.const 999))
        (local.get $block)
        (br 1))
      ;; Leaves for 3, and goes on for all others.
      (drop (br_if 0 (local.get $block) (i32.eq (local.get $size) (i32.const 3))))
      (block $five (result i32)
        (block $four (result i32)
          ;; Leaves for 4; 5 takes the second label; 6 and more take the default, which leaves.
          (br_table 2 1 2 (local.get $block) (i32.sub (local.get $size) (i32.const 4))))
        drop
        (i32.const 0))
      drop
      (local.get $block))
    (func $run
      (drop (call $malloc (i32.const 1)))
      (drop (call $malloc (i32.const 2)))
      (drop (call $malloc (i32.const 3)))
      (drop (call $malloc (i32.const 4)))
      (drop (call $malloc (i32.const 5)))
      (drop (call $malloc (i32.const 6)))
      (drop (call $malloc (i32.const 77))))
    (export "run" (func $run)))
  (core instance $i (instantiate $m))
  (func (export "run") (canon lift (core func $i "run"))))
