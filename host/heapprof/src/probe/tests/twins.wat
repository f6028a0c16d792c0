;; One component in two instances, whose memories hand out the same addresses; the second one
;; gives back what it takes.
(component
  (component $twin
    (core module $m
      (memory 1)
      (global $next (mut i32) (i32.const 1024))
      (func $malloc (param $size i32) (result i32)
        global.get $next
        (global.set $next (i32.add (global.get $next) (local.get $size))))
      (func $free (param i32))
      (func $keep
        (drop (call $malloc (i32.const 30))))
      (func $lose
        (call $free (call $malloc (i32.const 40))))
      (export "keep" (func $keep))
      (export "lose" (func $lose)))
    (core instance $i (instantiate $m))
    (func (export "keep") (canon lift (core func $i "keep")))
    (func (export "lose") (canon lift (core func $i "lose"))))
  (instance $a (instantiate $twin))
  (instance $b (instantiate $twin))
  ;; A component cannot call those that it contains; its neighbours can.
  (component $caller
    (import "keep" (func $keep))
    (import "lose" (func $lose))
    (core func $keep_lowered (canon lower (func $keep)))
    (core func $lose_lowered (canon lower (func $lose)))
    (core module $m
      (import "twins" "keep" (func $keep))
      (import "twins" "lose" (func $lose))
      (func $run
        call $keep
        call $lose)
      (export "run" (func $run)))
    (core instance $i (instantiate $m
      (with "twins" (instance
        (export "keep" (func $keep_lowered))
        (export "lose" (func $lose_lowered))))))
    (func (export "run") (canon lift (core func $i "run"))))
  (instance $c (instantiate $caller
    (with "keep" (func $a "keep"))
    (with "lose" (func $b "lose"))))
  (alias export $c "run" (func $run))
  (export "run" (func $run)))
